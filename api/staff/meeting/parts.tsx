import type { ComponentChildren } from 'preact';
import type { Person } from '../../../records/people';
import { ageAt } from '../../../rules/calendar/age';
import type { Language } from '../../../rules/notices';
import { Banner, ButtonLink, Card, Facts, Heading, type Fact, type Moment } from '../../frame/parts';
import type { PageContent } from '../../frame/page-content';
import { capital, clockTime, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { PhoneNumber } from '../../pages/page';
import { ChildHint } from '../frame/child-hint';
import { deskMeetingPath, deskPersonPath } from '../frame/paths';
import { carers, type DeskRequest } from '../frame/route';
import { deskWords } from '../frame/words';
import { isSameDay, type Sight } from './sight';
import { refusedWords, saidWords } from './came-of-words';
import { StateTag } from '../today/now-cells';

/** The parts of all pages about a meeting. */

/** The address of the meeting's page, or of one below it. */
export const pathOf = ({ meeting }: Pick<Sight, 'meeting'>, page = ''): string =>
  deskMeetingPath(meeting.meetingId, page);

/** `Möte 10.00`: what a tab is called, without anything personal (R8.8). */
export const titleOf = ({ meeting }: Sight, language: Language, act?: string): string => {
  const title = `${texts[language].meeting} ${clockTime(meeting.course.time.startAt, language)}`;
  return act === undefined ? title : `${title}: ${act}`;
};

/**
 * A page for one act: what it is about stands in its head, so that it is done to the right patient's.
 * @param tab what the browser's tab says, where the heading tells of the patient's health
 */
export function actPage(
  request: DeskRequest,
  sight: Sight,
  { title, tab = title, children }: { title: string; tab?: string; children: ComponentChildren },
): PageContent {
  const { language } = request;
  const words = texts[language];
  return {
    title: titleOf(sight, language, tab),
    main: (
      <>
        <Told request={request} />
        <Heading above={capital(dayAndTime(sight.meeting.course.time.startAt, language))}>{title}</Heading>
        <PatientHead request={request} sight={sight} />
        {children}
        <p>
          <a href={pathOf(sight)}>{words.back}</a>
        </p>
      </>
    ),
  };
}

/** What came of the last step, by the page's address. */
export function Told({ request: { language, query } }: { request: DeskRequest }) {
  const said = saidWords(query.said, language);
  const refused = refusedWords(query.refused, language);
  if (refused)
    return (
      <Banner kind={refused.isKept ? 'info' : 'warning'} title={refused.title} takesFocus>
        {refused.text}
      </Banner>
    );
  return said === null ? null : (
    <Banner kind="success" takesFocus>
      {said}
    </Banner>
  );
}

/**
 * Whose meeting it is: name, birth date and how to get in touch. Of one with protected data nothing before it
 * was asked for (R8.8).
 */
export function PatientHead({
  request,
  sight,
  more = [],
}: {
  request: DeskRequest;
  sight: Sight;
  more?: Fact[];
}) {
  const { language, roles } = request;
  const { patient, isOpen } = sight;
  const words = texts[language];
  const mayOpen = !isOpen && roles.some((role) => carers.includes(role));
  return (
    <Card isMain>
      <Facts
        facts={[
          {
            term: words.patient,
            icon: 'person',
            value: isOpen ? (
              <>
                <a href={deskPersonPath(patient.personId)}>{patient.personal.name}</a>
                <br />
                {words.born(patient.personal.birthDate, ageAt(patient.personal.birthDate, sight.now))}
              </>
            ) : (
              <>
                {deskWords[language].protectedData}
                {mayOpen && (
                  <>
                    <br />
                    <a href={pathOf(sight, 'name')}>{words.showName}</a>
                  </>
                )}
              </>
            ),
          },
          ...(isOpen ? [contactOf(patient, language)] : []),
          ...more,
        ]}
      />
      {patient.protectedIdentity && isOpen && <p>{words.protectedShown}</p>}
      <ChildHint language={language} patient={patient} now={sight.now} />
    </Card>
  );
}

function contactOf({ personal: { mobile, email, unsuitableWays } }: Person, language: Language): Fact {
  const words = texts[language];
  return {
    term: words.contact,
    icon: 'phone',
    value: (
      <>
        {mobile ? <PhoneNumber number={mobile.number} /> : words.noNumber}
        {email && (
          <>
            <br />
            {email.address}
          </>
        )}
        {unsuitableWays.includes('telephone') && (
          <>
            <br />
            {words.doNotCall}
          </>
        )}
      </>
    ),
  };
}

/** Where the meeting stands, for a head. */
export const stateFact = (sight: Sight, language: Language): Fact => ({
  term: texts[language].state,
  icon: 'info',
  value: <StateTag meeting={sight.meeting} language={language} />,
});

/** A list of things to read, each on its line; nothing where there is none. */
export const Lines = ({ lines }: { lines: ComponentChildren[] }) =>
  lines.length === 0 ? null : (
    <ul>
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  );

/** A part of a page under its heading. */
export const Section = ({
  id,
  title,
  children,
}: {
  id: string;
  title: string;
  children: ComponentChildren;
}) => (
  <section aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {children}
  </section>
);

/** A moment that is past, by its clock where it is of the meeting's own day. */
export const pastMoment = (
  sight: Sight,
  language: Language,
  at: string,
  text: ComponentChildren,
): Moment => ({
  at: isSameDay(at, new Date(sight.meeting.course.time.startAt))
    ? `${texts[language].clock}${clockTime(at, language)}`
    : capital(dayAndTime(at, language)),
  text,
  state: 'past',
});

/** Away from an act, without doing it. */
export const LeaveLink = ({
  sight,
  children,
  page = '',
}: {
  sight: Sight;
  children: ComponentChildren;
  page?: string;
}) => (
  <ButtonLink href={pathOf(sight, page)} kind="secondary">
    {children}
  </ButtonLink>
);

const texts = wording({
  sv: {
    meeting: 'Möte',
    back: 'Till mötet',
    patient: 'Patient',
    born: (date: string, age: number) => `Född ${date} (${age} år)`,
    contact: 'Kontakt',
    noNumber: 'Mobilnummer saknas',
    doNotCall: 'Ring inte: telefon passar inte patienten.',
    showName: 'Visa namnet',
    protectedShown: 'Skyddade personuppgifter. Att du tog fram namnet är sparat i loggen.',
    state: 'Läge',
    clock: 'kl. ',
  },
  en: {
    meeting: 'Meeting',
    back: 'To the meeting',
    patient: 'Patient',
    born: (date, age) => `Born ${date} (${age} years)`,
    contact: 'Contact',
    noNumber: 'No mobile number',
    doNotCall: 'Do not call: the telephone does not suit the patient.',
    showName: 'Show the name',
    protectedShown: 'Protected personal data. That you opened the name stands in the log.',
    state: 'State',
    clock: '',
  },
});
