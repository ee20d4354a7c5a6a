import type { RequestHandler } from 'express';
import type { ComponentChildren } from 'preact';
import {
  CheckField,
  Choices,
  DateField,
  FileField,
  ScaleField,
  SelectField,
  TextArea,
  TextField,
} from '../../api/frame/fields';
import { Icon, iconNames } from '../../api/frame/icons';
import { framedPage } from '../../api/frame/page-frame';
import {
  Banner,
  Bubbles,
  Button,
  ButtonLink,
  ButtonRow,
  Card,
  CardLink,
  doneOf,
  Emergency,
  ErrorSummary,
  Facts,
  FilterForm,
  Heading,
  More,
  Receipt,
  Steps,
  Table,
  Tabs,
  Tag,
  TaskList,
  TimeLine,
  type TaskItem,
} from '../../api/frame/parts';

/**
 * Every part of our pages in each of its states, as one page. Its look in light and dark follows the
 * browser's setting; `/parts?wide` shows the desk's width.
 */
export const showParts: RequestHandler = (request, response) => {
  response.type('html').send(partsPage('wide' in request.query));
};

/** The page itself; the person and the clinic on it are made up. */
export function partsPage(isWide: boolean): string {
  const page = { title: 'Delar', main: <Parts /> };
  return framedPage(page, {
    language: 'sv',
    query: null,
    region: 'Region Exempel',
    supportPhone: '010-000 00 02',
    clinic: { clinicId: 'x', name: 'Demomottagningen', phone: '010-000 00 01', logo: null, colours: null },
    loggedIn: { name: 'Tolvan Tolvansson', guard: { csrf: '', formKey: '' }, logoutPath: '/parts' },
    ways: [{ href: '/parts', label: 'Mina möten och ärenden' }],
    footer: [
      { href: '/parts#privacy', label: 'Så behandlar vi dina personuppgifter' },
      { href: '/parts#accessibility', label: 'Tillgänglighetsredogörelse' },
      { href: '/parts#genuine', label: 'Så vet du att sidan är äkta' },
    ],
    isForStaff: isWide,
  });
}

const tasks: TaskItem[] = [
  { title: 'Svara om tidigare vård', state: 'done', href: '#task-list' },
  { title: 'Fyll i formuläret', state: 'to-do', href: '#task-list', hint: 'Tar ungefär 5 minuter' },
  { title: 'Gå in i mötet', state: 'not-yet', hint: 'Du kan gå in från kl. 9.45' },
];

const Shown = ({ id, name, children }: { id: string; name: string; children: ComponentChildren }) => (
  <section aria-labelledby={id}>
    <h2 id={id}>{name}</h2>
    {children}
  </section>
);

function Parts() {
  return (
    <>
      <Heading above="Digitalt vårdmöte">Måndag 23 november kl. 10.00</Heading>
      <Banner kind="success" title="Tack, ditt svar är sparat">
        Nästa steg är att fylla i formuläret.
      </Banner>
      <Card isMain>
        <Facts
          facts={[
            { term: 'Tid', value: 'Måndag 23 november kl. 10.00, ungefär 30 minuter', icon: 'clock' },
            { term: 'Du träffar', value: 'Anna Ek, sjuksköterska', icon: 'person' },
            { term: 'Det här kostar mötet', value: '300 kr', icon: 'wallet' },
          ]}
        />
      </Card>
      <Shown id="task-list" name="Inför mötet">
        <p>{doneOf('sv', tasks)}</p>
        <TaskList language="sv" tasks={tasks} />
        <ButtonRow>
          <ButtonLink href="#task-list">Fyll i formuläret</ButtonLink>
        </ButtonRow>
      </Shown>
      <Shown id="banners" name="Meddelanden om läget">
        <Banner title="Du kan gå in från kl. 9.45">Vi visar en knapp här då.</Banner>
        <Banner kind="warning" title="Mottagningen är sen">
          Det är inte ditt fel. Blir mötet inte av kostar det inget.
        </Banner>
        <Banner kind="error" title="Filen kunde inte laddas upp">
          Försök igen när du har bättre täckning.
        </Banner>
        <Emergency language="sv" />
      </Shown>
      <Shown id="buttons" name="Knappar">
        <ButtonRow>
          <Button icon="video">Gå in i mötet</Button>
          <Button kind="secondary">Spara och fortsätt senare</Button>
          <Button kind="danger">Avboka mötet</Button>
          <Button kind="quiet">Ta tillbaka mitt ja</Button>
          <Button disabled>Kan inte väljas</Button>
        </ButtonRow>
      </Shown>
      <Shown id="tags" name="Status">
        <ButtonRow>
          <Tag tone="success" icon="check">
            Klart
          </Tag>
          <Tag tone="action">Att göra</Tag>
          <Tag>Kan inte börja än</Tag>
          <Tag tone="warning">Snart</Tag>
          <Tag tone="danger">Försenad</Tag>
        </ButtonRow>
      </Shown>
      <Shown id="errors" name="Formulär">
        <ErrorSummary
          title="Något behöver rättas"
          problems={[{ field: 'born', text: 'Skriv året med fyra siffror' }]}
        />
        <Fields />
      </Shown>
      <Shown id="steps" name="Steg och tid">
        <Steps
          language="sv"
          label="Så långt har ditt ärende kommit"
          steps={[
            { label: 'Skickat', state: 'done' },
            { label: 'Hos mottagningen', state: 'now' },
            { label: 'Besvarat', state: 'ahead' },
          ]}
        />
        <TimeLine
          moments={[
            { at: 'Till söndag 22 november kl. 10.00', text: 'Avboka utan att det kostar.', state: 'now' },
            { at: 'Därefter', text: 'Avbokar du senare kostar det 400 kr.' },
            { at: 'Måndag 23 november kl. 10.00', text: 'Mötet börjar.' },
          ]}
        />
      </Shown>
      <Shown id="messages" name="Bubblor">
        <Bubbles
          label="Meddelanden"
          messages={[
            { id: 'one', isOwn: true, from: 'Du, måndag kl. 9.12', text: 'Får jag träna med det här knät?' },
            {
              id: 'two',
              isOwn: false,
              from: 'Anna Ek, sjuksköterska, måndag kl. 10.42',
              text: 'Ja, men ta det lugnt den första veckan.',
            },
          ]}
        />
      </Shown>
      <Shown id="cards" name="Kort som leder vidare">
        <CardLink href="#cards" title="Måndag 23 november kl. 10.00">
          <p>Demomottagningen</p>
          <Tag tone="action">2 saker att göra</Tag>
        </CardLink>
      </Shown>
      <Shown id="table" name="Tabell och flikar">
        <Tabs
          label="Vyer"
          tabs={[
            { href: '#table', label: 'I dag', isCurrent: true, count: 4 },
            { href: '#tags', label: 'Ärenden', isCurrent: false, count: 12 },
            { href: '#steps', label: 'Fakturor', isCurrent: false },
          ]}
        />
        <FilterForm path="/parts" kept={{}} button="Visa">
          <SelectField
            id="part-filter"
            name="state"
            label="Läge"
            options={[
              { value: '', text: 'Alla' },
              { value: 'ready', text: 'Klar' },
            ]}
            language="sv"
          />
        </FilterForm>
        <Table
          caption="Möten i dag"
          head={['Tid', 'Patient', 'Läge']}
          rows={[
            { key: '1', cells: ['9.00', 'Tolvan Tolvansson', <Tag tone="success">Klar</Tag>] },
            { key: '2', cells: ['10.00', 'Skyddade personuppgifter', <Tag tone="warning">Väntar</Tag>] },
          ]}
        />
        <More summary="Vad betyder lägena?">
          <p>Klar: patienten har gjort allt som behövs före mötet.</p>
        </More>
      </Shown>
      <Shown id="icons" name="Ikoner">
        <ButtonRow>
          {iconNames.map((name) => (
            <span key={name}>
              <Icon name={name} /> {name}
            </span>
          ))}
        </ButtonRow>
      </Shown>
    </>
  );
}

function Fields() {
  const language = 'sv';
  return (
    <form>
      <TextField
        language={language}
        id="mobile"
        name="mobile"
        label="Mobilnummer"
        inputMode="tel"
        hint="Till exempel 070-174 06 05"
      />
      <TextArea language={language} id="question" name="question" label="Vad vill du fråga om?" isOptional />
      <DateField
        language={language}
        id="born"
        name="born"
        label="När började besvären?"
        hint="Till exempel 2026 11 23"
        value={{ year: '26', month: '11', day: '23' }}
        problem="Skriv året med fyra siffror"
      />
      <ScaleField
        language={language}
        id="pain"
        name="pain"
        label="Hur ont har du i dag?"
        from={0}
        to={10}
        lowest="inte alls"
        highest="värsta tänkbara"
        none="Inget svar"
        chosen={3}
      />
      <Choices
        language={language}
        id="consent"
        name="consent"
        label="Får mottagningen se uppgifter om tidigare vård?"
        choices={[
          {
            value: 'yes',
            text: 'Ja',
            hint: 'De som vårdar dig kan läsa det de behöver. Du kan ta tillbaka det när du vill.',
          },
          {
            value: 'no',
            text: 'Nej',
            hint: 'Då kan det digitala mötet inte hållas. Mottagningen erbjuder annan vård.',
          },
        ]}
        chosen={['yes']}
      />
      <Choices
        language={language}
        id="ways"
        name="ways"
        label="Hur vill du få påminnelser?"
        many
        choices={[
          { value: 'sms', text: 'Sms' },
          { value: 'email', text: 'E-post' },
        ]}
        chosen={['sms']}
      />
      <Choices
        language={language}
        id="suits"
        name="suits"
        label="Går det att följa upp och samordna med andra?"
        inRow
        choices={[
          { value: 'yes', text: 'Ja' },
          { value: 'no', text: 'Nej' },
        ]}
        chosen={['yes']}
      />
      <SelectField
        language={language}
        id="child"
        name="child"
        label="Vem gäller det?"
        options={[
          { value: 'me', text: 'Mig' },
          { value: 'child', text: 'Mitt barn' },
        ]}
      />
      <CheckField language={language} id="agree" name="agree" label="Jag har läst det som står här" />
      <FileField language={language} id="file" name="file" label="Bild" hint="Högst 15 MB" isOptional />
      <Button type="button">Fortsätt</Button>
    </form>
  );
}

/** The receipt stands in place of a page's heading, so it has a page of its own: `/parts/receipt`. */
export const showReceipt: RequestHandler = (_request, response) => {
  response.type('html').send(receiptPage());
};

/** The page itself, as before login: nobody's name, no clinic. */
export const receiptPage = (): string =>
  framedPage(
    {
      title: 'Kvitto',
      main: (
        <>
          <Receipt title="Ditt svar är sparat">
            <p>Du svarade ja måndag 16 november kl. 10.42.</p>
          </Receipt>
          <h2>Nästa steg</h2>
          <ButtonRow>
            <ButtonLink href="/parts">Fyll i formuläret</ButtonLink>
            <ButtonLink href="/parts" kind="secondary">
              Till mötet
            </ButtonLink>
          </ButtonRow>
        </>
      ),
    },
    {
      language: 'sv',
      query: new URLSearchParams(),
      region: 'Region Exempel',
      supportPhone: '010-000 00 02',
      clinic: null,
      loggedIn: null,
      ways: [],
      footer: [{ href: '/parts', label: 'Alla delar' }],
    },
  );
