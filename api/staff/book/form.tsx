import { ageAt } from '../../../rules/calendar/age';
import { questionsAsked } from '../../../rules/suitability';
import type { Language } from '../../../rules/notices';
import { asWritten } from '../../../rules/phone-number';
import { contactFees, type ContactFee } from '../../../use-cases/invoice/costs';
import { CheckField, Choices, DateField, SelectField, TextField } from '../../frame/fields';
import type { PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, ErrorSummary, Heading, More } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { amount } from '../../patient/frame/money';
import { deskPersonPath } from '../frame/paths';
import type { DeskRequest } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { WhichTime } from '../frame/which-time';
import { consentText } from '../people/consents';
import { ADD_PATH } from '../people/paths';
import { ADD_PERSON_PATH, CHECK_PATH } from './paths';
import { canAskSms, isChildAt, referenceOf, staffName, type BookingView } from './read';
import {
  addedRoles,
  bookingFields,
  dateIn,
  peopleIn,
  staffIn,
  startIn,
  suitsField,
  timeIn,
  type BookingField,
  type BookingProblem,
  type BookingProblems,
} from './typed';
import { bookWords, contactName } from './words';

/** The form of a booking, with all that was typed and what is wrong with it. */
export function bookingForm(
  request: DeskRequest,
  view: BookingView,
  {
    now,
    problems: found = {},
    refusal = null,
    isKept = false,
  }: {
    now: Date;
    problems?: BookingProblems;
    refusal?: string | null;
    /** It was filled in before one's last login. */
    isKept?: boolean;
  },
): PageContent {
  const { language, guard } = request;
  const [words, all] = [texts[language], bookWords[language]];
  const problems = shownProblems(view, found);
  const textOf = (field: BookingField): string | null => {
    const problem = problems[field];
    return problem === undefined ? null : problemText(field, problem, language);
  };
  const summary = bookingFields.flatMap((field) => {
    const text = textOf(field);
    return text === null ? [] : [{ field, text }];
  });
  const part: PartProps = { request, view, now, textOf };
  return {
    title: all.title,
    main: (
      <>
        {summary.length > 0 && <ErrorSummary title={words.wrong} problems={summary} />}
        {isKept && (
          <Banner kind="info" takesFocus>
            {words.kept}
          </Banner>
        )}
        {refusal !== null && (
          <Banner kind="error" takesFocus>
            {refusal}
          </Banner>
        )}
        <Heading above={all.title}>{nameInList(view.patient, deskWords[language])}</Heading>
        <PatientLine view={view} now={now} language={language} />
        <PostForm action={CHECK_PATH} guard={guard} noValidate autocomplete="off">
          {/* The first button is the one that a press of Enter in a field presses. */}
          <button type="submit" hidden>
            {words.check}
          </button>
          <input type="hidden" name="person" value={view.patient.personId} />
          <When {...part} />
          <Contact {...part} />
          <Staff {...part} />
          <Others {...part} />
          <Forms {...part} />
          <Suits {...part} />
          <Agreed {...part} />
          <ButtonRow>
            <Button>{words.check}</Button>
            <ButtonLink href={deskPersonPath(view.patient.personId)} kind="quiet">
              {words.cancel}
            </ButtonLink>
          </ButtonRow>
        </PostForm>
      </>
    ),
  };
}

interface PartProps {
  request: DeskRequest;
  view: BookingView;
  now: Date;
  textOf: (field: BookingField) => string | null;
}

/** What is told at a field that is not on the page is told at the one that mends it. */
function shownProblems({ typed }: BookingView, problems: BookingProblems): BookingProblems {
  const { people, ...others } = problems;
  return people === undefined || typed.people.length > 0 ? problems : { addRole: people, ...others };
}

const problemText = (field: BookingField, problem: BookingProblem, language: Language): string =>
  (problem === 'wrong' ? bookWords[language].wrongAt[field] : undefined) ??
  bookWords[language].problems[problem];

/** Who it is, so that several tabs do not book for the wrong one; never of protected data. */
export function PatientLine({ view, now, language }: { view: BookingView; now: Date; language: Language }) {
  const { personal, protectedIdentity } = view.patient;
  if (protectedIdentity) return null;
  return <p class="lead">{bookWords[language].born(personal.birthDate, ageAt(personal.birthDate, now))}</p>;
}

function When({ request: { language }, view: { typed }, textOf }: PartProps) {
  const [words, all] = [texts[language], bookWords[language]];
  return (
    <Card>
      <h2>{words.when}</h2>
      <DateField
        id="date"
        name="date"
        label={all.date}
        value={dateIn(typed)}
        problem={textOf('date')}
        language={language}
      />
      <TextField
        id="clock"
        name="clock"
        label={all.clock}
        hint={words.clockHint}
        value={typed.clock}
        problem={textOf('clock')}
        isShort
        language={language}
      />
      <WhichTime
        id="which"
        name="which"
        typed={timeIn(typed)}
        problem={textOf('which')}
        language={language}
      />
      <TextField
        id="duration"
        name="duration"
        label={words.duration}
        value={typed.duration}
        inputMode="numeric"
        problem={textOf('duration')}
        isShort
        language={language}
      />
    </Card>
  );
}

function Contact({ request: { language, clinic }, view: { typed }, now, textOf }: PartProps) {
  const [words, all] = [texts[language], bookWords[language]];
  const startAt = startIn(typed);
  const fees = contactFees(clinic.settings, startAt === null ? now : new Date(startAt));
  return (
    <Card>
      <h2>{words.contact}</h2>
      <SelectField
        id="feeCode"
        name="feeCode"
        label={all.contact}
        problem={textOf('feeCode')}
        language={language}
        value={typed.feeCode}
        options={[
          { value: '', text: words.choose },
          ...fees.map((fee) => ({ value: fee.feeCode, text: feeText(fee, language) })),
        ]}
      />
      <CheckField
        id="correspondsToVisit"
        name="correspondsToVisit"
        label={all.correspondsToVisit}
        isChecked={typed.correspondsToVisit}
        language={language}
      />
    </Card>
  );
}

function feeText({ feeCode, visitFeeOre, missedVisitFeeOre }: ContactFee, language: Language): string {
  const words = texts[language];
  const read = (ore: number | null): string => (ore === null ? words.noAmount : amount(ore, language));
  return words.fee(contactName(feeCode, language), read(visitFeeOre), read(missedVisitFeeOre));
}

function Staff({ request: { language, member }, view: { typed, staff }, textOf }: PartProps) {
  const words = texts[language];
  const chosen = typed.staff.filter((staffId) => staffId !== '');
  const isChosen = (references: string[]): boolean => references.some((each) => chosen.includes(each));
  return (
    <Card>
      <h2>{bookWords[language].staff}</h2>
      {chosen.length > 0 && (
        <Choices
          id="staff"
          name="staff"
          label={words.takesPart}
          language={language}
          many
          chosen={chosen}
          choices={[...new Set(chosen)].map((staffId) => ({
            value: staffId,
            text: member.staffIds.includes(staffId)
              ? words.oneself(staffName(staff, staffId))
              : staffName(staff, staffId),
          }))}
        />
      )}
      <SelectField
        id="addStaff"
        name="addStaff"
        label={chosen.length > 0 ? words.moreStaff : words.whichStaff}
        isOptional={chosen.length > 0}
        problem={textOf('addStaff')}
        language={language}
        value={typed.addStaff}
        options={[
          { value: '', text: words.choose },
          ...staff
            .filter(({ staffIds }) => !isChosen(staffIds))
            .map((each) => ({ value: referenceOf(each), text: `${each.name}, ${each.title}` })),
        ]}
      />
      <Button kind="secondary" name="do" value="add-staff">
        {words.addMore}
      </Button>
    </Card>
  );
}

function Others({ request: { language }, view: { typed, people }, textOf }: PartProps) {
  const [words, all] = [texts[language], bookWords[language]];
  const added = peopleIn(typed);
  const nameOf = (personId: string | null): string =>
    personId === null ? all.unnamed : nameInList(people.get(personId), deskWords[language]);
  return (
    <Card>
      <h2>{all.others}</h2>
      {added.length > 0 && (
        <Choices
          id="people"
          name="people"
          label={words.takesPart}
          problem={textOf('people')}
          language={language}
          many
          chosen={typed.people}
          choices={added.map(({ value, role, personId }) => ({
            value,
            text: `${deskWords[language].participants[role]}: ${nameOf(personId)}`,
          }))}
        />
      )}
      <SelectField
        id="addRole"
        name="addRole"
        label={words.role}
        isOptional
        problem={textOf('addRole')}
        language={language}
        value={typed.addRole}
        options={[
          { value: '', text: words.nobody },
          ...addedRoles.map((role) => ({ value: role, text: deskWords[language].participants[role] })),
        ]}
      />
      <TextField
        id="addNumber"
        name="addNumber"
        label={words.number}
        hint={words.numberHint}
        value={typed.addNumber}
        problem={textOf('addNumber')}
        autocomplete="off"
        language={language}
      />
      <Button kind="secondary" formAction={ADD_PERSON_PATH}>
        {words.addPerson}
      </Button>
      <p>
        <a href={ADD_PATH} target="_blank" rel="noopener">
          {words.newPerson}
        </a>
      </p>
      <CheckField
        id="interpreterNeeded"
        name="interpreterNeeded"
        label={all.interpreter}
        hint={words.interpreterHint}
        isChecked={typed.interpreterNeeded}
        language={language}
      />
    </Card>
  );
}

function Forms({ request: { language }, view: { typed, forms }, textOf }: PartProps) {
  if (forms.length === 0 && textOf('forms') === null) return null;
  const [words, all] = [texts[language], bookWords[language]];
  return (
    <Card>
      <h2>{words.forms}</h2>
      <Choices
        id="forms"
        name="forms"
        label={all.forms}
        hint={words.formsHint}
        isOptional
        problem={textOf('forms')}
        language={language}
        many
        chosen={typed.forms}
        choices={forms.map(({ formId, title }) => ({ value: formId, text: title }))}
      />
    </Card>
  );
}

function Suits({ request: { language }, view: { typed, patient }, now, textOf }: PartProps) {
  const [words, all] = [texts[language], bookWords[language]];
  const startAt = startIn(typed);
  const isChild = isChildAt(patient, startAt === null ? now : new Date(startAt));
  const asked = questionsAsked(isChild, false);
  const onlyWithDisability = questionsAsked(isChild, true).filter((each) => !asked.includes(each));
  const questions = (some: typeof asked) =>
    some.map((question) => (
      <Choices
        key={question}
        id={suitsField(question)}
        name={suitsField(question)}
        label={all.suits[question]}
        problem={textOf(suitsField(question))}
        language={language}
        inRow
        chosen={[typed[suitsField(question)]]}
        choices={(['yes', 'no'] as const).map((value) => ({ value, text: words.answers[value] }))}
      />
    ));
  return (
    <Card>
      <h2>{words.suits}</h2>
      <p>{words.suitsText}</p>
      {questions(asked)}
      {onlyWithDisability.length > 0 && (
        <>
          <CheckField
            id="disability"
            name="disability"
            label={words.disability}
            hint={words.disabilityHint}
            isChecked={typed.disability}
            problem={textOf('disability')}
            language={language}
          />
          {questions(onlyWithDisability)}
        </>
      )}
    </Card>
  );
}

function Agreed({ request: { language }, view: { typed, patient }, textOf }: PartProps) {
  const [words, all] = [texts[language], bookWords[language]];
  return (
    <Card>
      <h2>{words.agreement}</h2>
      <CheckField id="agreed" name="agreed" label={all.agreed} isChecked={typed.agreed} language={language} />
      <CheckField
        id="toldOfFee"
        name="toldOfFee"
        label={all.toldOfFee}
        hint={words.toldHint}
        isChecked={typed.toldOfFee}
        language={language}
      />
      {canAskSms(patient) && (
        <SelectField
          id="sms"
          name="sms"
          label={words.sms(asWritten(patient.personal.mobile?.number ?? ''))}
          language={language}
          value={typed.sms}
          options={[
            { value: '', text: words.smsNow(consentText(patient, 'sms', language)) },
            ...(['asked', '1177', 'no'] as const).map((value) => ({ value, text: words.smsAnswers[value] })),
          ]}
        />
      )}
      <More summary={words.more}>
        <TextField
          id="reference"
          name="reference"
          label={all.reference}
          hint={words.referenceHint}
          isOptional
          value={typed.reference}
          problem={textOf('reference')}
          autocomplete="off"
          language={language}
        />
        <TextField
          id="noticeHours"
          name="noticeHours"
          label={all.noticeHours}
          hint={words.noticeHint}
          isOptional
          value={typed.noticeHours}
          inputMode="numeric"
          problem={textOf('noticeHours')}
          isShort
          language={language}
        />
      </More>
    </Card>
  );
}

/** Those who were chosen stay chosen, and the list is free for the next. */
export const withStaff = (view: BookingView): BookingView => ({
  ...view,
  typed: { ...view.typed, staff: staffIn(view.typed), addStaff: '' },
});

const texts = wording({
  sv: {
    wrong: 'Mötet är inte bokat än. Rätta det här',
    kept: 'Det du fyllde i innan du loggade in är kvar. Inget är bokat än.',
    check: 'Kontrollera bokningen',
    cancel: 'Avbryt',
    when: 'När',
    clockHint: 'Till exempel 10.00',
    duration: 'Längd i minuter',
    contact: 'Kontakt och avgift',
    choose: 'Välj',
    noAmount: 'belopp saknas',
    fee: (name: string, visit: string, missed: string) => `${name}: ${visit} (uteblivet: ${missed})`,
    takesPart: 'Deltar (ta bort genom att klicka ur)',
    oneself: (name: string) => `${name} (du)`,
    whichStaff: 'Vem ska ha mötet?',
    moreStaff: 'Fler ur personalen',
    addMore: 'Lägg till fler',
    role: 'Lägg till någon',
    nobody: 'Ingen mer',
    number: 'Personnummer',
    numberHint: 'Lämna tomt för tolk eller gäst som ni inte vet namnet på än',
    addPerson: 'Lägg till',
    newPerson: 'Lägg in en ny person (öppnas i en ny flik)',
    interpreterHint: 'Lägg också till tolken här ovanför',
    forms: 'Formulär',
    formsHint: 'Patienten fyller i dem före mötet. Saknas svar kan mötet inte starta',
    suits: 'Passar ett digitalt möte?',
    suitsText: 'Ett nej betyder att ni erbjuder annan vård.',
    answers: { yes: 'Ja', no: 'Nej' },
    disability: 'Barnet har en funktionsnedsättning',
    disabilityHint: 'Svara då också på de två frågorna här nedanför',
    agreement: 'Överenskommet',
    toldHint: 'Utan det tas ingen avgift ut för ett uteblivet besök',
    sms: (number: string) => `Får mottagningen skicka sms till ${number}?`,
    smsNow: (answer: string) => `Ändra inte svaret (${answer})`,
    smsAnswers: {
      asked: 'Ja, patienten har sagt ja',
      '1177': 'Ja, enligt inställningen på 1177',
      no: 'Nej',
    },
    more: 'Referens och avbokning',
    referenceHint: 'Till exempel numret i ert eget system. Aldrig ett personnummer',
    noticeHint: 'Bara om kallelsen säger något annat än mottagningens vanliga tid',
  },
  en: {
    wrong: 'The meeting is not booked yet. Please correct this',
    kept: 'What you filled in before you logged in is here. Nothing is booked yet.',
    check: 'Check the booking',
    cancel: 'Cancel',
    when: 'When',
    clockHint: 'For example 10:00',
    duration: 'Length in minutes',
    contact: 'Contact and fee',
    choose: 'Choose',
    noAmount: 'no amount',
    fee: (name, visit, missed) => `${name}: ${visit} (missed: ${missed})`,
    takesPart: 'Takes part (uncheck to remove)',
    oneself: (name) => `${name} (you)`,
    whichStaff: 'Who holds the meeting?',
    moreStaff: 'More of the staff',
    addMore: 'Add more',
    role: 'Add somebody',
    nobody: 'Nobody more',
    number: 'Personal identity number',
    numberHint: 'Leave it empty for an interpreter or a guest whose name you do not know yet',
    addPerson: 'Add',
    newPerson: 'Add a new person (opens in a new tab)',
    interpreterHint: 'Add the interpreter above too',
    forms: 'Forms',
    formsHint: 'The patient fills them in before the meeting. Without answers it cannot start',
    suits: 'Does a digital meeting suit?',
    suitsText: 'A no means that you offer other care.',
    answers: { yes: 'Yes', no: 'No' },
    disability: 'The child has a disability',
    disabilityHint: 'Then answer the two questions below too',
    agreement: 'Agreed',
    toldHint: 'Without it a missed visit costs nothing',
    sms: (number) => `May the clinic send SMS to ${number}?`,
    smsNow: (answer) => `Do not change the answer (${answer})`,
    smsAnswers: { asked: 'Yes, the patient has said so', '1177': 'Yes, by the setting at 1177', no: 'No' },
    more: 'Reference and cancellation',
    referenceHint: 'Such as the number in your own system. Never a personal number',
    noticeHint: 'Only if the call says another than the clinic’s usual time',
  },
});
