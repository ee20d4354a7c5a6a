import { buttons, isOn } from './fault-buttons';
import { faultWords } from './fault-words';
import type { FaultRule } from './faults';

/** Says plainly what is wrong with the provider, and lets one switch the commonest faults on and off. */
export function FaultsPanel({ base, rules }: { base: string; rules: FaultRule[] }) {
  return (
    <section id="faults" class="faults" aria-label="Faults of the provider">
      {rules.length === 0 ? (
        <p role="status">The provider works as it should.</p>
      ) : (
        <p role="status" class="misbehaves">
          <strong>The provider misbehaves:</strong> {rules.map(faultWords).join('; ')}.
        </p>
      )}
      <details open={rules.length > 0}>
        <summary>Let it misbehave</summary>
        <form method="post" class="fault-buttons">
          {buttons.map((button) => (
            <button
              key={button.rule.fault}
              id={`fault-${button.rule.fault}`}
              type="submit"
              formAction={`${base}/faults/toggle/${button.rule.fault}`}
              class={isOn(rules, button) ? undefined : 'outline'}
              aria-pressed={isOn(rules, button)}
            >
              {button.name}
            </button>
          ))}
          <button id="faults-off" type="submit" formAction={`${base}/faults/off`} class="secondary">
            All off
          </button>
        </form>
        <p class="small">
          More of them, for one number, a number of times or by chance: <code>PUT {base}/faults</code>.
        </p>
      </details>
    </section>
  );
}
