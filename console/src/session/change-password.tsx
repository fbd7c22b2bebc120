import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api } from '../lib/api.js';
import { TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { ErrorNotice } from '../ui/notice.js';
import type { Session } from './kept-session.js';
import { signIn, signOut } from './session.js';

/** For a user who must change the password before anything else. */
export function ChangePassword({ session }: { readonly session: Session }): ReactElement {
  const [password, setPassword] = useState('');
  const changing = useMutation({
    mutationFn: async () => {
      await api.PUT('/v1/password', { body: { password } });
      await signIn({ user: session.user, password }, session.isKept); // the new password has ended the session
    },
  });
  return (
    <main className="sign-in" id="content">
      <h1>Choose a new password</h1>
      <p>{session.user} must change the password before anything else.</p>
      <Form submit="Change the password" isBusy={changing.isPending} onSubmit={changing.mutate}>
        <TextField
          label="New password"
          type="password"
          value={password}
          onChange={setPassword}
          required
          autoComplete="new-password"
        />
      </Form>
      <ErrorNotice error={changing.error} />
      <p className="actions">
        <button type="button" className="quiet" onClick={() => void signOut()}>
          Sign out
        </button>
      </p>
    </main>
  );
}
