import { minutesLater } from '../../rules/instant';
import type { ReplayEvents, RotateWebhookSecret, SetWebhook } from './bodies';
import { problem, type CarryOut } from '../command';

/**
 * Sets where the clinic's events go. The secret is told where it is new: its answer is sealed like every
 * command's.
 */
export const setWebhook: CarryOut<SetWebhook> = async ({ records }, command) => {
  const { webhook, secret } = await records.webhooks.set(command, command.body.url);
  return { status: 200, body: { ...webhook, secret } };
};

/**
 * Makes a new secret; the old one signs beside it for a while, so that the receiver can change over (Standard
 * Webhooks).
 */
export const rotateWebhookSecret: CarryOut<RotateWebhookSecret> = async ({ records }, command) => {
  const oldSecretUntil = minutesLater(command.receivedAt, command.body.oldSecretHours * 60);
  const rotated = await records.webhooks.rotate(command, oldSecretUntil);
  if (rotated) return { status: 200, body: { ...rotated.webhook, secret: rotated.secret } };
  return (await records.webhooks.find(command.clinicId))
    ? problem(409, 'overtaken', 'Another change of the webhook came after this one. Read it again.')
    : noWebhook;
};

/** Sends all that happened in a range again, in order and with the same ids. */
export const replayEvents: CarryOut<ReplayEvents> = async ({ records }, command) => {
  const { clinicId, body, receivedAt } = command;
  if (!(await records.webhooks.find(clinicId))) return noWebhook;
  return {
    status: 200,
    body: { events: await records.events.replay(clinicId, body.from, body.until, receivedAt) },
  };
};

const noWebhook = problem(409, 'no-webhook', 'The clinic has no webhook. Set one with PUT /clinic/webhook.');
