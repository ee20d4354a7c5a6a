import { objectBody, objectByPatient, showAfterwards } from './meeting/afterwards';
import { downloadCalendarFile } from './meeting/calendar-file';
import {
  cancelBody,
  cancelByPatient,
  chooseTimeBody,
  moveByPatient,
  showCancellation,
  showChange,
  showChanged,
  showNewTime,
  showOfferedTimes,
} from './meeting/change';
import { consentBody, giveConsent, showConsent, showConsentReceipt, showWithdrawal } from './meeting/consent';
import { deviceTestBody, keepDeviceTest, showDeviceTest } from './room/device';
import { formBody, postForm, saveDraft, sendForm, showForm } from './form/form';
import { formViews } from './form/pages';
import { showClinicAbout } from './about/pages';
import { claimInvitation, showInvitation } from './meeting/invitation';
import { showMyMeeting } from './meeting/my-meeting';
import { showMyMeetings } from './my/my-meetings';
import {
  newCaseBody,
  openOwnCase,
  showNewCase,
  showNewCaseSentBefore,
  showReceivedNewCase,
  showUnsentNewCase,
} from './my/new-case';
import { showNoEntry, showToldOfNoEntry, tellOfNoEntry } from './meeting/no-entry';
import { saveNotices, noticesBody, showKeptNotices, showNotices, showUnkeptNotices } from './meeting/notices';
import { codeBody, confirmByCode, showCode, wrongCodes } from './meeting/notice-code';
import { showPreparation } from './meeting/preparation';
import { enterByForm, enterFromPage, roomStatus, showRoom } from './room/room';
import {
  deciders,
  everybody,
  ofMeeting,
  type OwnRoute,
  type ParticipantRoute,
  type PatientRoute,
  type PatientRouteDeps,
} from './frame/route';
import { caseRoutes, chatRoutes } from './thread/thread-routes';

/**
 * The patients' table of routes: what they see and do, who of those who take part, and whose meeting it is
 * (design, decision 10).
 */
export function patientRoutes(deps: PatientRouteDeps): PatientRoute[] {
  return [
    ...ownRoutes(deps),
    ...meetingRoutes(deps),
    ...formRoutes(deps),
    ...roomRoutes(deps),
    ...chatRoutes(deps),
    ...caseRoutes(deps),
  ];
}

function ownRoutes(deps: PatientRouteDeps): OwnRoute[] {
  return [
    {
      method: 'get',
      path: '/my',
      operation: 'my.meetings',
      summary: 'All one’s meetings, at all clinics',
      subject: 'self',
      handle: showMyMeetings(deps, { linkEnded: false }),
    },
    {
      method: 'get',
      path: '/my/link-ended',
      operation: 'my.link-ended',
      summary: 'The same, after a link that leads nowhere any more',
      subject: 'self',
      handle: showMyMeetings(deps, { linkEnded: true }),
    },
    {
      method: 'get',
      path: '/my/new-case',
      operation: 'my.new-case',
      summary: 'Write to a clinic about something new, where it allows that; else at 1177 (R6.6)',
      subject: 'self',
      handle: showNewCase(deps),
    },
    {
      method: 'post',
      path: '/my/new-case',
      operation: 'my.open-case',
      summary: 'Opens a case of one’s own (R6.6)',
      subject: 'self',
      body: newCaseBody,
      handle: openOwnCase(deps),
    },
    {
      method: 'get',
      path: '/my/new-case/unsent',
      operation: 'my.new-case-unsent',
      summary: 'The same form, with what was posted and not sent, and why',
      subject: 'self',
      handle: showUnsentNewCase(deps),
    },
    {
      method: 'get',
      path: '/my/new-case/received',
      operation: 'my.new-case-received',
      summary: 'A case of one’s own is stored and will be opened',
      subject: 'self',
      handle: showReceivedNewCase,
    },
    {
      method: 'get',
      path: '/my/new-case/sent-before',
      operation: 'my.new-case-sent-before',
      summary: 'The form had opened a case already, with other words',
      subject: 'self',
      handle: showNewCaseSentBefore,
    },
    ...(['privacy', 'accessibility'] as const).map((which): OwnRoute => ({
      method: 'get',
      path: `/my/clinics/{clinicId}/${which}`,
      operation: `my.clinic-${which}`,
      summary: 'What the clinic tells of personal data, or of accessibility (R8.6)',
      subject: 'self',
      handle: showClinicAbout(deps, which),
    })),
    {
      method: 'get',
      path: '/my/invitations/{participantId}',
      operation: 'my.invitation',
      summary: 'Invited without an identity: waits until staff approve who it turned out to be (R4.2)',
      subject: 'self',
      handle: showInvitation(deps),
    },
    {
      method: 'post',
      path: '/my/invitations/{participantId}',
      operation: 'my.claim-invitation',
      summary: 'Tells staff who has come with the invitation’s link (R4.2)',
      subject: 'self',
      handle: claimInvitation(deps),
    },
  ];
}

function meetingRoutes(deps: PatientRouteDeps): ParticipantRoute[] {
  return [
    ofMeeting('get', '', everybody, {
      operation: 'my.meeting',
      summary: 'When and where, and what is left to do',
      handle: showMyMeeting(deps),
    }),
    ofMeeting('get', '/calendar.ics', everybody, {
      operation: 'my.calendar-file',
      summary: 'The meeting for one’s own calendar, which tells as little as an SMS (R2.3)',
      handle: downloadCalendarFile(deps),
    }),
    ofMeeting('get', '/preparation', everybody, {
      operation: 'my.preparation',
      summary: 'What one needs, and where to sit (S0)',
      handle: showPreparation,
    }),
    ofMeeting('get', '/consent', deciders, {
      operation: 'my.consent',
      summary: 'Whether the clinic may see care history, and what a no means (R3.2)',
      handle: showConsent(deps),
    }),
    ofMeeting('post', '/consent', deciders, {
      operation: 'my.give-consent',
      summary: 'Says yes or no, or withdraws (R3.2)',
      body: consentBody,
      handle: giveConsent(deps),
    }),
    ...(['unanswered', 'changed'] as const).map((told) =>
      ofMeeting('get', `/consent/${told}`, deciders, {
        operation: `my.consent-${told}`,
        summary: 'The question again, after an answer that was none or came from an old page',
        handle: showConsent(deps, told),
      }),
    ),
    ofMeeting('get', '/consent/withdraw', deciders, {
      operation: 'my.consent-withdraw',
      summary: 'Asks once more before a yes is taken back (R3.2)',
      handle: showWithdrawal(deps),
    }),
    ofMeeting('get', '/consent/answered', deciders, {
      operation: 'my.consent-answered',
      summary: 'The receipt, and what is next',
      handle: showConsentReceipt(deps),
    }),
    ...changeRoutes(deps),
    ofMeeting('get', '/no-entry', everybody, {
      operation: 'my.no-entry',
      summary: 'I can’t get in: what to try',
      handle: showNoEntry,
    }),
    ofMeeting('post', '/no-entry', everybody, {
      operation: 'my.tell-of-no-entry',
      summary: 'Tells the clinic, which counts as a try (R5.6)',
      handle: tellOfNoEntry(deps),
    }),
    ofMeeting('get', '/no-entry/told', everybody, {
      operation: 'my.told-of-no-entry',
      summary: 'The clinic has been told',
      handle: showToldOfNoEntry,
    }),
    ofMeeting('get', '/notices', deciders, {
      operation: 'my.notices',
      summary: 'SMS by consent, e-mail and language (R2.2, R2.11)',
      handle: showNotices(deps),
    }),
    ofMeeting('post', '/notices', deciders, {
      operation: 'my.keep-notices',
      summary: 'Changes them',
      body: noticesBody,
      savesTyped: true,
      handle: saveNotices(deps),
    }),
    ofMeeting('get', '/notices/unkept', deciders, {
      operation: 'my.notices-unkept',
      summary: 'The same form, with what was posted and not kept, and why',
      handle: showUnkeptNotices(deps),
    }),
    ofMeeting('get', '/notices/code', deciders, {
      operation: 'my.notice-code',
      summary: 'Waits for the code that was sent to a new number or address (R2.13)',
      handle: showCode(deps),
    }),
    ...wrongCodes.map((wrong) =>
      ofMeeting('get', `/notices/code/${wrong}`, deciders, {
        operation: `my.notice-code-${wrong}`,
        summary: 'The same, after a code that does not count',
        handle: showCode(deps, wrong),
      }),
    ),
    ofMeeting('post', '/notices/code', deciders, {
      operation: 'my.confirm-way',
      summary: 'The code has come: the new number or address counts from now (R2.13)',
      body: codeBody,
      handle: confirmByCode(deps),
    }),
    ofMeeting('get', '/notices/kept', deciders, {
      operation: 'my.kept-notices',
      summary: 'They are kept',
      handle: showKeptNotices(deps),
    }),
    ofMeeting('get', '/afterwards', deciders, {
      operation: 'my.afterwards',
      summary: 'What is proposed to be billed, and why (R5.7)',
      handle: showAfterwards(deps),
    }),
    ofMeeting('post', '/afterwards/object', deciders, {
      operation: 'my.object',
      summary: 'Objects to an invoice (R5.7)',
      body: objectBody,
      handle: objectByPatient(deps),
    }),
  ];
}

/** Each page that confirms has a second address, which says that something changed under the reader's hand. */
function changeRoutes(deps: PatientRouteDeps): ParticipantRoute[] {
  return [
    ofMeeting('get', '/change', deciders, {
      operation: 'my.change',
      summary: 'Rebook or cancel: the choice, and until when it costs nothing (R1.5)',
      handle: showChange(deps),
    }),
    ...[false, true].flatMap((changed): ParticipantRoute[] => [
      ofMeeting('get', changed ? '/change/cancel/changed' : '/change/cancel', deciders, {
        operation: changed ? 'my.cancellation-changed' : 'my.cancellation',
        summary: 'Whether a cancellation costs, and why; confirms it (R5.3–R5.5)',
        handle: showCancellation(deps, { changed }),
      }),
      ofMeeting('get', `/change/time/{timeId}${changed ? '/changed' : ''}`, deciders, {
        operation: changed ? 'my.new-time-changed' : 'my.new-time',
        summary: 'Whether a new time costs, and why; confirms it (R1.6)',
        handle: showNewTime(deps, { changed }),
      }),
      ofMeeting('get', changed ? '/change/move/taken' : '/change/move', deciders, {
        operation: changed ? 'my.offered-times-taken' : 'my.offered-times',
        summary: 'The times that the clinic offers (R1.6)',
        handle: showOfferedTimes(deps, { taken: changed }),
      }),
    ]),
    ofMeeting('post', '/change/cancel', deciders, {
      operation: 'my.cancel',
      summary: 'Cancels the meeting',
      body: cancelBody,
      handle: cancelByPatient(deps),
    }),
    ofMeeting('post', '/change/time', deciders, {
      operation: 'my.rebook',
      summary: 'Moves the meeting to a time that the clinic offers (R1.6)',
      body: chooseTimeBody,
      handle: moveByPatient(deps),
    }),
    ofMeeting('get', '/change/done', deciders, {
      operation: 'my.changed',
      summary: 'The receipt of a cancellation or of a new time',
      handle: showChanged(deps),
    }),
  ];
}

function formRoutes(deps: PatientRouteDeps): ParticipantRoute[] {
  return [
    ofMeeting('get', '/forms/{formId}', deciders, {
      operation: 'my.form',
      summary: 'A form to fill in, with what was filled in so far (R3.1)',
      handle: showForm(deps),
    }),
    ...formViews.map((view) =>
      ofMeeting('get', `/forms/{formId}/${view}`, deciders, {
        operation: `my.form-${view}`,
        summary: 'The same form, with what has come of the last step',
        handle: showForm(deps, view),
      }),
    ),
    ofMeeting('post', '/forms/{formId}', deciders, {
      operation: 'my.keep-form',
      summary: 'Keeps the form, and leads to its check',
      savesTyped: true,
      body: formBody,
      handle: postForm(deps),
    }),
    ofMeeting('post', '/forms/{formId}/check', deciders, {
      operation: 'my.send-form',
      summary: 'Sends the form in, as it was shown to be checked',
      body: formBody,
      handle: sendForm(deps),
    }),
    ofMeeting('post', '/forms/{formId}/draft', deciders, {
      operation: 'my.keep-draft',
      summary: 'Keeps what was filled in so far, for the page’s script',
      quiet: true,
      body: formBody,
      handle: saveDraft(deps),
    }),
  ];
}

function roomRoutes(deps: PatientRouteDeps): ParticipantRoute[] {
  return [
    ofMeeting('get', '/device', everybody, {
      operation: 'my.device-test',
      summary: 'Tests camera, microphone and sound on the device (R4.5)',
      handle: showDeviceTest,
    }),
    ofMeeting('post', '/device', everybody, {
      operation: 'my.keep-device-test',
      summary: 'Tells the clinic whether they work (R4.5)',
      body: deviceTestBody,
      handle: keepDeviceTest(deps),
    }),
    ofMeeting('get', '/room', everybody, {
      operation: 'my.room',
      summary: 'Waits at the door, and embeds the room',
      handle: showRoom(deps),
    }),
    ofMeeting('get', '/room/status', everybody, {
      operation: 'my.room-status',
      summary: 'How it stands at the door, for the page’s script',
      quiet: true,
      handle: roomStatus(deps),
    }),
    ofMeeting('post', '/room/entry', everybody, {
      operation: 'my.enter',
      summary: 'Lets one in, for the page that embeds the room (R3.4)',
      handle: enterFromPage(deps),
    }),
    ofMeeting('post', '/room', everybody, {
      operation: 'my.enter-by-form',
      summary: 'Lets one in, and leads to the room (R3.4)',
      handle: enterByForm(deps),
    }),
  ];
}
