import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { Credentials } from '../../../clients/typescript/src/credentials.js';
import { SERVER } from '../lib/api.js';
import { useStore } from '../lib/store.js';
import { CheckField, TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { sessionState, signIn } from './session.js';

const LOCAL_NAME = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export function SignIn(): ReactElement {
  const { notice } = useStore(sessionState);
  const [isToken, setIsToken] = useState(false);
  const [isKept, setIsKept] = useState(false);
  const signing = useMutation({
    mutationFn: async (credentials: Credentials) => signIn(credentials, isKept),
  });
  return (
    <main className="sign-in" id="content">
      <h1>Stagedoor</h1>
      <p>Sign in to the stages of {new URL(SERVER).host}.</p>
      {notice !== undefined && <Notice>{notice}</Notice>}
      {isToken ? (
        <TokenForm isBusy={signing.isPending} onSubmit={signing.mutate} />
      ) : (
        <PasswordForm isBusy={signing.isPending} onSubmit={signing.mutate} />
      )}
      <CheckField label="Stay signed in while this tab is open" checked={isKept} onChange={setIsKept} />
      <ErrorNotice error={signing.error} />
      <p className="actions">
        <button
          type="button"
          className="quiet"
          onClick={() => {
            setIsToken(!isToken);
          }}
        >
          {isToken ? 'Use a name and a password' : 'Use an API token'}
        </button>
        {LOCAL_NAME.test(location.hostname) && (
          <button
            type="button"
            disabled={signing.isPending}
            onClick={() => {
              signing.mutate({ user: 'root', password: '' });
            }}
          >
            Continue as root without a password
          </button>
        )}
      </p>
    </main>
  );
}

interface CredentialsForm {
  readonly isBusy: boolean;
  readonly onSubmit: (credentials: Credentials) => void;
}

function PasswordForm({ isBusy, onSubmit }: CredentialsForm): ReactElement {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  return (
    <Form
      submit="Sign in"
      isBusy={isBusy}
      onSubmit={() => {
        onSubmit({ user, password });
      }}
    >
      <TextField label="Name" value={user} onChange={setUser} required autoComplete="username" />
      <TextField
        label="Password"
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
      />
    </Form>
  );
}

function TokenForm({ isBusy, onSubmit }: CredentialsForm): ReactElement {
  const [token, setToken] = useState('');
  return (
    <Form
      submit="Sign in"
      isBusy={isBusy}
      onSubmit={() => {
        onSubmit({ token: token.trim() });
      }}
    >
      <TextField
        label="API token"
        type="password"
        value={token}
        onChange={setToken}
        required
        hint="It begins with sd_."
      />
    </Form>
  );
}
