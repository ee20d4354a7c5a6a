import type { ClientSession } from 'mongoose';
import type { ClinicSettings } from '../../../records/clinics';
import type { LedgerRow, PlannedRow } from '../../../records/ledger';
import type { LinkedParticipant } from '../../../records/links';
import type { Person } from '../../../records/people';
import { hearsOfMeeting, wayBesides, type Way } from '../../../rules/calendar/who-hears';
import { msOf, type Instant } from '../../../rules/instant';
import type { LateTimes } from '../../../rules/late';
import type { HandedOver, NotHandedOver } from '../../../rules/ledger';
import type { ParticipantRole } from '../../../rules/meeting';
import type { OverCap } from '../../../rules/sms-caps';
import { waysOfStopped } from '../../../use-cases/notice/ways-of-stopped';
import { linkCode, linkTo } from '../../../integrations/sms/link';
import type { ActivityDeps } from '../../deps';

/** A notice to one recipient: what its row in the ledger is known by, and how long it helps. */
export type Notice = Pick<LedgerRow, 'subjectId' | 'occasion' | 'kind' | 'participantId' | 'lastUsefulAt'>;

/**
 * What a notice is about: a meeting, a message case, or a person alone who typed a number. The one place
 * where these differ; the hand-over is the same for all.
 */
export interface NoticeSubject {
  /**
   * Reads what is looked at before a row is taken, inside its transaction. It writes what it is about and the
   * people, so that no change of theirs slips in between (design, decision 5).
   * @param row the notice's, where there is one
   */
  load(notice: Notice, row: LedgerRow | null, now: Date, session: ClientSession): Promise<LoadedNotice>;
  /** When the plan has it; null where the plan does not name it any more. */
  due(notice: Notice): Promise<Instant | null>;
  /** The row of a notice of which a restored ledger knows nothing, as its workflow remembers it. */
  planAgain(lost: Omit<Notice, 'lastUsefulAt'>): Promise<PlannedRow>;
  /** Whom administrators know by their number, in that order. */
  participants(subjectId: string): Promise<{ participantId: string }[]>;
}

/** A notice as it is found when its row is taken: what is decided from, and what it says. */
export interface LoadedNotice {
  clinicId: string;
  settings: ClinicSettings;
  participants: { participantId: string }[];
  /** Null where the participant does not hear of this, or not any more (R7.1, R7.2). */
  recipient: { personId: string; way: Way } | null;
  /** The others who hear of the same, those before the recipient first. */
  others: { participantId: string; personId: string; isBefore: boolean }[];
  /** Why it goes to nobody any more, whoever it was for; null where it still may. */
  over: NotHandedOver | null;
  /** Until when it waits at night (R2.9); null where it need not. */
  morning: Date | null;
  dueAt: Instant | null;
  /** Notes that the ledger has it now for all who hear of it; null where nobody awaits that. */
  noteEntered: ((session: ClientSession) => Promise<void>) | null;
  /** Whether it goes now, and which way. @param overCap the cap that it would exceed */
  decide(overCap: OverCap | null): HandedOver | NotHandedOver;
  /** How long it has to wait for others, in milliseconds; 0 where it may go. */
  waitMs(): Promise<number>;
  /** When it is late, if it is due at this instant (R2.10); null for never. */
  late(dueAt: Date): LateTimes | null;
  /** What it says, made from what it is about as it is now (R2.4); it lives nowhere but on its way. */
  text(sms: LinkMaking): Promise<{ mailSubject: string; text: string }>;
}

/** What the link in a text is made with. */
export type LinkMaking = Pick<ActivityDeps['sms'], 'linkKeys' | 'publicUrl'>;

/** One who takes part in what a notice is about. */
interface NoticeParticipant {
  participantId: string;
  role: ParticipantRole;
  personId: string | null;
}

/** The people who are looked at before a row is taken. */
interface NoticePeople {
  patient: Person;
  /** Null where the participant does not hear of this, or not any more. */
  recipient: { person: Person; personId: string; way: Way } | null;
  others: LoadedNotice['others'];
}

/**
 * The recipient and the patient of a notice, both written; and who else hears of the same.
 * @throws where one of them has no record
 */
export async function peopleOf(
  { people }: Pick<ActivityDeps['records'], 'people'>,
  about: { participants: NoticeParticipant[]; patientId: string; settings: ClinicSettings },
  participantId: string,
  now: Date,
  session: ClientSession,
): Promise<NoticePeople> {
  const { participants, patientId, settings } = about;
  const patient = await people.findForHandOver(patientId, session);
  if (!patient) throw new Error('the patient whom this is about has no record');
  const hearing = participants.filter(
    (each): each is NoticeParticipant & { personId: string } =>
      each.personId !== null && hearsOfMeeting(each, patient, now),
  );
  const place = hearing.findIndex((each) => each.participantId === participantId);
  if (place === -1) return { patient, recipient: null, others: [] };
  const { personId } = hearing[place]!;
  const person = personId === patientId ? patient : await people.findForHandOver(personId, session);
  if (!person) throw new Error('the recipient has no record');
  // R7.5: where the patient's data are protected, nobody hears before the clinic has approved it by hand.
  const way: Way = patient.protectedIdentity
    ? { channel: null, obstacle: 'protected-identity' }
    : wayBesides({ ...person, ...person.personal }, await waysOfStopped(people, patient, now), settings, now);
  const others = hearing.flatMap((each, index) =>
    index === place ? [] : [{ ...each, isBefore: index < place }],
  );
  return { patient, recipient: { person, personId, way }, others };
}

/** A notice that would come at night waits until then; not one that would come too late (R2.9). */
export const waitsUntil = (
  dueAt: Date,
  { lastUsefulAt }: Pick<Notice, 'lastUsefulAt'>,
  now: Date,
): Date | null => (dueAt <= now || now.getTime() >= msOf(lastUsefulAt) ? null : dueAt);

/** A participant's link, kept by its hash when the row is taken: before anybody can open it. */
export async function savedLink(
  { links }: Pick<ActivityDeps['records'], 'links'>,
  { linkKeys, publicUrl }: LinkMaking,
  linked: LinkedParticipant,
  session: ClientSession,
): Promise<string> {
  const code = linkCode(linkKeys, linked.participantId);
  await links.save(code, linked, session);
  return linkTo(publicUrl, code);
}
