import type { z } from 'zod';
import type { PageAnswer } from '../../frame/page-content';
import { giveDeskCommand } from '../frame/command';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { ConfirmRoom, confirmTitle, RegisterForm, registerTitle } from './next-step';
import { actPage } from './parts';
import { formWith, isForOtherTime, refusedTo, toMeeting } from './posted';
import { rememberedIn } from './read-meeting';
import { checklistOf } from './room-checklist';
import { withSight } from './sight';

/** The checklist before the door opens, as a page of its own, for the task that asks for it (R4.7). */
export const showReadiness =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const remembered = await rememberedIn(deps, request, sight);
      return {
        page: actPage(request, sight, {
          title: confirmTitle(request.language),
          children: <ConfirmRoom request={request} sight={sight} remembered={remembered} />,
        }),
      };
    });

export const readinessBody = formWith('time', 'inRoom', 'atDistance');

/** All of it holds, by one press, for the time that was shown (R4.7). */
export const confirmRoom =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      if (await isForOtherTime(deps, request, sight)) return refusedTo(sight, 'moved-meanwhile');
      const body = checklistOf(request.body as z.infer<typeof readinessBody>);
      if (body === null) return refusedTo(sight, 'no-room-name', 'readiness');
      const answer = await giveDeskCommand(deps, request, { operation: 'meeting.confirm-readiness', body });
      return toMeeting(sight, answer, 'ready');
    });

/** *Is the visit registered?* as a page of its own, for the task that asks for it (R5.11). */
export const showRegistration =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, (sight) => ({
      page: actPage(request, sight, {
        title: registerTitle(request.language),
        children: <RegisterForm request={request} sight={sight} />,
      }),
    }));

/** It is registered in PAS and journal (R5.11). */
export const registerVisit =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const answer = await giveDeskCommand(deps, request, {
        operation: 'meeting.register-visit',
        body: undefined,
      });
      return toMeeting(sight, answer, 'registered');
    });
