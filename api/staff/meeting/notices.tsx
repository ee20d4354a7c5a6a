import type { LedgerRow } from '../../../records/ledger';
import { isRefusal, isUnread } from '../../../rules/ledger';
import type { Language, NoticeKind } from '../../../rules/notices';
import type { NoticeProgress } from '../../../workflows/meeting/messages';
import { Card, Facts, More, Tag, type Fact, type Tone } from '../../frame/parts';
import { capital, clockTime, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { deskWords, nameInList } from '../frame/words';
import { Lines, Section } from './parts';
import type { MeetingPageView } from './read-meeting';
import type { Sight } from './sight';
import { deliveryReason, skipReason, stateWords } from './state-words';

interface NoticesOf {
  sight: Sight;
  view: MeetingPageView;
  language: Language;
}

/** Each notice with how it stands with each recipient, and what helps where it did not reach them (R2.7). */
export function Notices({ sight, view, language }: NoticesOf) {
  const words = texts[language];
  const { startVersion } = sight.meeting.course.time;
  const earlier = view.notices.filter((notice) => notice.startVersion !== startVersion);
  const current = view.notices.filter((notice) => notice.startVersion === startVersion);
  const list = (notices: NoticeProgress[]) => (
    <Facts facts={notices.map((notice) => noticeFact({ sight, view, language }, notice))} />
  );
  return (
    <Section id="notices" title={words.title}>
      {current.length > 0 && <Card>{list(current)}</Card>}
      {earlier.length > 0 && <More summary={words.earlier}>{list(earlier)}</More>}
    </Section>
  );
}

function noticeFact(of: NoticesOf, notice: NoticeProgress): Fact {
  const { view, language } = of;
  const words = texts[language];
  const { notices: kinds, deliveryStates } = stateWords[language];
  const { kind, startVersion, dueAt, skip, state } = notice;
  const rows = view.deliveries.filter((row) => row.kind === kind && row.occasion === startVersion);
  return {
    term: `${capital(kinds[kind])}, ${dayAndTime(dueAt, language)}`,
    value:
      rows.length > 0 ? (
        <Lines
          lines={rows.map((row) => (
            <Delivery {...of} row={row} />
          ))}
        />
      ) : skip !== null ? (
        `${words.notSent} ${skipReason(skip, language)}`
      ) : state === 'done' ? (
        words.nobodyToTell
      ) : (
        deliveryStates.planned
      ),
  };
}

/** How it stands with one recipient. */
function Delivery({ sight, view, language, row }: NoticesOf & { row: LedgerRow<NoticeKind> }) {
  const { state, channel, handedOverAt } = row;
  const words = stateWords[language];
  const reason = deliveryReason(row, language);
  const help = helpFor(row, language);
  const who = whoOf(sight, view, row.participantId, language);
  return (
    <>
      {who}: <Tag tone={toneOf(row)}>{words.deliveryStates[state]}</Tag>
      {channel && ` ${words.channels[channel]}`}
      {handedOverAt && ` ${clockTime(handedOverAt, language)}`}
      {(reason ?? help) !== null && <span class="hint"> {[reason, help].filter(Boolean).join(' ')}</span>}
    </>
  );
}

function toneOf({ state, reason, late }: LedgerRow): Tone {
  if (isUnread({ state, reason, ...(late ? { late } : {}) })) return 'warning';
  return state === 'sent' || state === 'delivered' ? 'success' : 'quiet';
}

/** The patient by role, so that a list names no protected one (R8.8). */
function whoOf(
  { meeting }: Sight,
  { people }: MeetingPageView,
  participantId: string,
  language: Language,
): string {
  const who = meeting.participants.find((each) => each.participantId === participantId);
  if (!who) return '–';
  const role = deskWords[language].participants[who.role];
  return who.role === 'patient' || who.personId === null
    ? role
    : `${role}, ${nameInList(people.get(who.personId), deskWords[language])}`;
}

/** What can be done about it; null where nothing has to be (R2.10). */
function helpFor({ state, reason, late, waits }: LedgerRow, language: Language): string | null {
  const help = stateWords[language].deliveryHelp;
  switch (state) {
    case 'failed':
    case 'unknown':
    case 'expired':
      return help.call;
    case 'no-consent':
      return reason === 'no-phone-number' ? help.number : help.consent;
    case 'skipped':
      if (reason === 'protected-identity') return help.protected;
      if (reason === 'foreign-number') return help.address;
      return reason?.startsWith('over-cap-') ? help.call : null;
    case 'planned':
      if (isRefusal(reason)) return help.refused;
      if (late || waits === 'overdue') return help.late;
      if (waits === 'quiet-hours') return help.morning;
      return waits === 'rate' ? help.turn : null;
    case 'handing-over':
    case 'sent':
    case 'delivered':
      return null;
  }
}

/** Who was not let in, how often, and why (R3.4). */
export function RefusedAtTheDoor({ view, language }: Omit<NoticesOf, 'sight'>) {
  const words = texts[language];
  const { refusals } = stateWords[language];
  if (view.refused.length === 0) return null;
  return (
    <Section id="refused" title={words.refused}>
      <Lines
        lines={view.refused.map(({ role, reasons, times, lastAt }) => (
          <>
            {deskWords[language].participants[role]}, {words.last} {dayAndTime(lastAt, language)}
            {times > 1 && ` (${words.times(times)})`}: {reasons.map((each) => refusals[each].what).join(' ')}
            <span class="hint"> {reasons.flatMap((each) => refusals[each].help ?? []).join(' ')}</span>
          </>
        ))}
      />
    </Section>
  );
}

const texts = wording({
  sv: {
    title: 'Meddelanden',
    earlier: 'Meddelanden om tidigare tider',
    notSent: 'Skickas inte.',
    nobodyToTell: 'Ingen att skicka till',
    refused: 'Kom inte in',
    last: 'senast',
    times: (count: number) => `${count} gånger`,
  },
  en: {
    title: 'Notices',
    earlier: 'Notices of earlier times',
    notSent: 'Is not sent.',
    nobodyToTell: 'Nobody to send to',
    refused: 'Did not get in',
    last: 'last',
    times: (count) => `${count} times`,
  },
});
