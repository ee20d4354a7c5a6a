import { ApplicationFailure } from '@temporalio/common';
import type { ClientSession } from 'mongoose';
import { randomSecret } from '../keys/random-id';
import type { Meeting } from '../records/meetings';
import type { Person } from '../records/people';
import type { LedgerRow } from '../records/ledger';
import { reviewReach } from '../records/reach';
import { wayTo } from '../rules/calendar/who-hears';
import type { Channel } from '../rules/consents';
import { msOf } from '../rules/instant';
import { hasReached, whyNotHandOver, type DeliveryState } from '../rules/ledger';
import { mailSubject } from '../mail/subjects';
import type { SendResult } from '../rules/send-result';
import { smsLink } from '../sms/link';
import { noticeText } from '../sms/texts';
import type { HandOverActivities } from '../workflows/meeting/activities';
import type { ActivityDeps } from './index';
import { viewOfHandOver } from './hand-over-view';
import { morningFor } from './quiet-hours';

/** What the hand-over's transaction found. */
type Claim =
  | { kind: 'ours'; channel: Channel; to: string; subject: string; text: string }
  | { kind: 'over'; state: string }
  | { kind: 'wait'; ms: number };

/** How soon to look again at a row that a command about the meeting holds up. */
const COMMAND_PENDING_MS = 3_000;

/**
 * Hands one notice over, at most once (design, decision 5). The row becomes `handing-over` in a transaction that checks consent,
 * last useful moment, state and start version and writes the meeting and the person, immediately before the call to the
 * provider. A row that a dead process left there becomes `unknown`: nobody knows whether it was sent, so nobody sends it again.
 */
export function createHandOver(deps: ActivityDeps): HandOverActivities['handOver'] {
  const { records, clock, elks, mailer, sms } = deps;

  return async (rowId) => {
    const reportToken = randomSecret();
    const claim = await records.transaction(async (session): Promise<Claim> => {
      const now = clock.now();
      const row = await records.ledger.get(rowId, session);
      if (row.state === 'handing-over') return leftBehind(row, now, session);
      if (row.state !== 'planned') return { kind: 'over', state: row.state };
      const meeting = await records.meetings.getForWriting(row.meetingId, now, session);
      const person = await records.people.findForHandOver(row.personId, now, session);
      if (!person) throw new Error('the recipient has no record');
      const patient =
        row.personId === meeting.patientId
          ? person
          : await records.people.findForHandOver(meeting.patientId, now, session);
      if (!patient) throw new Error('the patient of this meeting has no record');
      const whyNot = whyNotHandOver(await viewOfHandOver(records, { row, meeting, patient, person, now }));
      if (whyNot) {
        await records.ledger.step(
          rowId,
          { from: ['planned'], to: whyNot.state, reason: whyNot.reason, at: now },
          session,
        );
        return { kind: 'over', state: whyNot.state };
      }
      if (await records.commands.pendingFor(row.meetingId)) return { kind: 'wait', ms: COMMAND_PENDING_MS };
      const { settings } = await records.clinics.byId(meeting.clinicId);
      const morning = morningFor(row, meeting, settings, now);
      if (morning) return { kind: 'wait', ms: morning.getTime() - now.getTime() };
      const text = await textOf(row, meeting, person, settings.linkInSms);
      const way = wayTo({ ...person, ...person.personal }, now);
      if (way.channel === null) throw new Error('the way to the recipient went as it was looked at');
      const leaseUntil = new Date(now.getTime() + sms.leaseMs);
      const taken = await records.ledger.step(
        rowId,
        {
          from: ['planned'],
          to: 'handing-over',
          reason: null,
          at: now,
          leaseUntil,
          channel: way.channel,
          reportToken,
        },
        session,
      );
      return taken
        ? { kind: 'ours', channel: way.channel, to: way.to, subject: mailSubject(person.language), text }
        : { kind: 'wait', ms: sms.leaseMs };
    });

    switch (claim.kind) {
      case 'over':
        await reviewReachOf(rowId);
        return claim.state;
      case 'wait':
        throw ApplicationFailure.create({
          message: 'not yet: another process or a command has it, or it waits for the morning',
          type: 'wait',
          nextRetryDelay: claim.ms,
        });
      case 'ours':
        return handOver(rowId, claim, reportToken);
    }
  };

  async function handOver(
    rowId: string,
    { channel, to, subject, text }: Extract<Claim, { kind: 'ours' }>,
    reportToken: string,
  ): Promise<string> {
    const result =
      channel === 'sms'
        ? await elks.send({
            from: sms.sender,
            to,
            message: text,
            reportUrl: `${sms.hooksUrl}/hooks/46elks/${reportToken}`,
          })
        : await mailer.send({ to, subject, text, messageKey: rowId });
    const noted = noteOf(result);
    // A delivery report can be here before us: what it raised stands.
    await records.ledger.step(rowId, { from: ['handing-over'], at: clock.now(), ...noted });
    if (noted.to === 'planned') {
      throw ApplicationFailure.retryable(`surely not sent: ${noted.reason ?? ''}`, 'not-sent');
    }
    await reviewReachOf(rowId);
    return (await records.ledger.get(rowId)).state;
  }

  async function reviewReachOf(rowId: string): Promise<void> {
    const { meetingId } = await records.ledger.get(rowId);
    await reviewReach(records, meetingId, clock.now());
  }

  /** The text is made from the meeting as it is now (R2.4), and lives nowhere but on its way. */
  async function textOf(row: LedgerRow, meeting: Meeting, to: Person, withLink: boolean): Promise<string> {
    return noticeText({
      kind: row.kind,
      language: to.language,
      startAt: new Date(
        row.kind === 'cancellation' ? await lastToldStart(row, meeting) : meeting.course.time.startAt,
      ),
      link: withLink ? smsLink(sms.publicUrl, sms.linkKeys, row.participantId) : null,
    });
  }

  /** A cancellation names the time that the recipient knows: a move that nobody told them of has not happened for them. */
  async function lastToldStart(row: LedgerRow, meeting: Meeting): Promise<string> {
    const told = (await records.ledger.ofMeeting(row.meetingId)).filter(
      ({ kind, state, participantId }) =>
        participantId === row.participantId &&
        (kind === 'booking' || kind === 'change') &&
        (hasReached(state) || state === 'unknown'),
    );
    const startVersion = Math.max(...told.map((each) => each.startVersion));
    const time = meeting.times.find((each) => each.startVersion === startVersion);
    return time?.startAt ?? meeting.course.time.startAt;
  }

  /** A hand-over that another process began: waited out for its lease, then its end is unknown. */
  async function leftBehind(row: LedgerRow, now: Date, session: ClientSession): Promise<Claim> {
    const leftMs = row.leaseUntil ? msOf(row.leaseUntil) - now.getTime() : 0;
    if (leftMs > 0) return { kind: 'wait', ms: leftMs };
    await records.ledger.step(
      row.rowId,
      { from: ['handing-over'], to: 'unknown', reason: 'process-died-while-handing-over', at: now },
      session,
    );
    return { kind: 'over', state: 'unknown' };
  }
}

/** How the ledger notes what came of the call: only what was surely not sent may be tried again (R2.7). */
function noteOf(result: SendResult): { to: DeliveryState; reason: string | null; providerId?: string } {
  switch (result.kind) {
    case 'accepted':
      return {
        to: result.status === 'created' ? 'sent' : result.status,
        reason: null,
        providerId: result.providerId,
      };
    case 'uncertain':
      return { to: 'unknown', reason: result.reason };
    case 'not-sent':
      return { to: result.retryable ? 'planned' : 'failed', reason: result.reason };
  }
}
