import { Fragment, type ComponentChildren } from 'preact';
import type { Language } from '../../../rules/notices';
import { readText, type TextInLanguages } from '../../../rules/presentation';
import { Card, Heading } from '../../frame/parts';
import { PhoneNumber } from '../../pages/page';
import type { LoggedInRequest, PatientRouteDeps } from '../frame/route';
import { noSuchPage } from '../frame/trouble';
import { aboutTitles, type AboutPage } from './titles';
import { standardTexts, type AboutFacts } from './standard-texts';
import type { PageContent, PageAnswer } from '../../frame/page-content';

/** Those of them that are told otherwise by each clinic. */
export type ClinicAboutPage = Exclude<AboutPage, 'genuine'>;

/**
 * One of these pages.
 * @param own the clinic's own text in place of the standard one
 */
export function aboutPage(
  language: Language,
  which: AboutPage,
  facts: AboutFacts,
  own: TextInLanguages | null = null,
): PageContent {
  const title = aboutTitles[language][which];
  const text = own?.[language] ?? standardTexts[language][which](facts);
  return {
    title,
    main: (
      <>
        {/* The word of the law is longer than a phone is wide. */}
        <Heading>{title.replace('Tillgänglighetsredo', 'Tillgänglighets\u00adredo')}</Heading>
        <Card>
          <Text text={text} phones={[facts.supportPhone, ...(facts.clinic ? [facts.clinic.phone] : [])]} />
        </Card>
      </>
    ),
  };
}

/** The same of a clinic, to one who has logged in; its name is no secret, whose patient one is would be. */
export const showClinicAbout =
  ({ records, publicUrl, supportPhone, regionName }: ClinicAboutDeps, which: ClinicAboutPage) =>
  async ({ language, params }: LoggedInRequest): Promise<PageAnswer> => {
    const clinic = await records.clinics.find(params.clinicId ?? '');
    if (!clinic) return { page: noSuchPage(language), status: 404 };
    const { name, phone, presentation } = clinic.settings;
    const { controller, dataProtectionOfficer, privacyNotice, accessibilityStatement } = presentation;
    const facts: AboutFacts = {
      clinic: { name, phone, controller, dataProtectionOfficer },
      region: regionName,
      supportPhone,
      host: new URL(publicUrl).host,
    };
    const own = which === 'privacy' ? privacyNotice : accessibilityStatement;
    return { page: aboutPage(language, which, facts, own) };
  };

/** What these pages need. */
export type ClinicAboutDeps = Pick<PatientRouteDeps, 'records' | 'publicUrl' | 'supportPhone' | 'regionName'>;

/** A text as it was written, with its addresses and the telephone numbers that we know as links. */
function Text({ text, phones }: { text: string; phones: string[] }): ComponentChildren {
  const linked = (part: string): ComponentChildren => withLinks(part, phones);
  return readText(text).map((piece, index) => {
    switch (piece.kind) {
      case 'heading':
        return <h2 key={index}>{piece.text}</h2>;
      case 'paragraph':
        return <p key={index}>{linked(piece.text)}</p>;
      case 'list':
        return (
          <ul key={index}>
            {piece.items.map((item) => (
              <li key={item}>{linked(item)}</li>
            ))}
          </ul>
        );
    }
  });
}

/** Only whole addresses of https become links. */
const withLinks = (text: string, phones: string[]): ComponentChildren[] =>
  text.split(/(https:\/\/[^\s<>"]+[^\s<>".,;:)])/).map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} class="address" href={part} rel="noreferrer">
        {part}
      </a>
    ) : (
      withPhones(part, phones)
    ),
  );

function withPhones(text: string, [phone, ...others]: string[]): ComponentChildren {
  if (phone === undefined || phone === '') return text;
  return text.split(phone).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <PhoneNumber number={phone} />}
      {withPhones(part, others)}
    </Fragment>
  ));
}
