import { useId, type ReactElement } from 'react';

interface FieldProps<Value> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly hint?: string;
}

interface TextFieldProps extends FieldProps<string> {
  readonly type?: 'text' | 'password' | 'search' | 'number';
  readonly required?: boolean;
  readonly autoComplete?: string;
  readonly placeholder?: string;
  /** Offered by the browser while somebody types. */
  readonly suggestions?: readonly string[];
}

export function TextField({
  label,
  value,
  onChange,
  hint,
  type = 'text',
  suggestions,
  ...rest
}: TextFieldProps): ReactElement {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        spellCheck={false}
        autoCapitalize="none"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => {
          onChange(event.currentTarget.value);
        }}
        list={suggestions === undefined ? undefined : `${id}-list`}
        {...rest}
      />
      {suggestions !== undefined && (
        <datalist id={`${id}-list`}>
          {suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
      {hint !== undefined && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </p>
  );
}

interface ChoiceProps<Value extends string> extends FieldProps<Value> {
  readonly choices: readonly { readonly value: Value; readonly text: string }[];
}

export function ChoiceField<Value extends string>(props: ChoiceProps<Value>): ReactElement {
  const { label, value, onChange, choices } = props;
  const name = useId();
  return (
    <fieldset className="field choices">
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input
            type="radio"
            name={name}
            checked={choice.value === value}
            onChange={() => {
              onChange(choice.value);
            }}
          />
          {choice.text}
        </label>
      ))}
    </fieldset>
  );
}

interface CheckFieldProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function CheckField({ label, checked, onChange }: CheckFieldProps): ReactElement {
  return (
    <p className="field check">
      <label>
        <input
          type="checkbox"
          checked={checked}
          onChange={(event) => {
            onChange(event.currentTarget.checked);
          }}
        />
        {label}
      </label>
    </p>
  );
}

export function SelectField<Value extends string>(props: ChoiceProps<Value>): ReactElement {
  const { label, value, onChange, choices, hint } = props;
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => {
          const chosen = choices.find((choice) => choice.value === event.currentTarget.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.text}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </p>
  );
}
