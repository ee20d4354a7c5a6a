import { wording } from '../../frame/wording';

/** What the standard texts fill in. */
export interface AboutFacts {
  /** The clinic that it is about; null before login. */
  clinic: {
    name: string;
    phone: string;
    controller: string | null;
    dataProtectionOfficer: string | null;
  } | null;
  region: string | null;
  supportPhone: string;
  /** Host of the pages, as browsers show it: `mote.example.se`. */
  host: string;
}

/**
 * The texts of a service whose clinics have written none of their own, as `readText` reads them. The lists of
 * GDPR art. 13 and of the law (2018:1937) on digital accessibility are followed in their order.
 */
export const standardTexts = wording({
  sv: {
    privacy: ({ clinic, region, supportPhone }: AboutFacts): string => `
Den här tjänsten används för digitala vårdmöten, för frågor och svar med vården och för det som hör till dem.

## Vem som ansvarar
${
  clinic === null
    ? `Den mottagning som har kallat dig, eller som du skriver till, ansvarar för uppgifterna tillsammans med ${region ?? 'sin region'}. När du har loggat in ser du vilken det är.`
    : `${clinic.controller ?? region ?? clinic.name} är personuppgiftsansvarig. Du når mottagningen, ${clinic.name}, på telefon ${clinic.phone}.`
}

${
  clinic?.dataProtectionOfficer
    ? `Dataskyddsombudet når du så här: ${clinic.dataProtectionOfficer}.`
    : 'Fråga mottagningen hur du når dataskyddsombudet.'
}

## Vilka uppgifter vi behandlar, och varför
- Namn, personnummer och kontaktuppgifter, så att rätt person kommer till mötet och får aviseringar.
- Tider för möten, och när någon gick in i och ut ur mötesrummet, så att mötet kan hållas och rätt avgift tas ut.
- Ditt svar på om mottagningen får se uppgifter om tidigare vård, formulär som du fyller i, och meddelanden och filer som du skickar, så att du får god vård.
- Uppgifter om barn och om vårdnadshavare, ombud, anhöriga och tolkar som är med, så att rätt person får vara med och bestämma.
- Vem som har läst eller ändrat dina uppgifter, så att obehörig läsning kan upptäckas.

Mötet i bild och ljud spelas inte in av tjänsten.

## Rättslig grund
Behandlingen behövs för att ge vård, en uppgift av allmänt intresse, och för att följa lagar som patientdatalagen (artikel 6.1 c och e samt artikel 9.2 h i dataskyddsförordningen). Sms skickas bara om du har sagt ja till det. Ditt ja kan du ta tillbaka när som helst. Det som redan är gjort ändras inte av det.

## Vilka som får del av uppgifterna
- De som arbetar på mottagningen och behöver dem i sitt arbete.
- Regionens leverantörer av sms, e-post, e-legitimation och drift, som får behandla uppgifterna bara för regionens räkning. Ett sms säger inget om vilken mottagning det gäller eller varför.
- De som skickar fakturor, om det blir en avgift. De får inget om din hälsa.

Uppgifterna förs inte över till länder utanför EU och EES.

## Hur länge de sparas
Det som hör till vården förs över till din journal, som sparas i minst tio år. Uppgifter om vem som har läst eller ändrat något sparas i minst fem år. Övriga uppgifter sparas så länge de behövs för det som de samlades in för, och gallras sedan enligt regionens beslut.

## Dina rättigheter
- Du har rätt att få veta vilka uppgifter som finns om dig, och vem som har läst dem.
- Du har rätt att få fel rättade, och i vissa fall att få behandlingen begränsad eller att invända mot den.
- Uppgifter i en journal får i regel inte raderas. Du kan ansöka om det hos Inspektionen för vård och omsorg (IVO).
- Andra uppgifter kan du be om att få raderade. Rätten att flytta uppgifter till någon annan gäller inte här, eftersom vården inte bygger på ditt samtycke eller på ett avtal.
- Ring eller skriv till mottagningen om du vill använda dina rättigheter. Teknisk support har telefon ${supportPhone}.
- Tycker du att vi gör fel kan du klaga hos Integritetsskyddsmyndigheten (IMY): https://www.imy.se

## Måste jag lämna uppgifterna?
Vården måste veta vem du är. Vill du inte använda den digitala tjänsten kan du ringa eller skriva till mottagningen och få vård på ett annat sätt.

## Automatiska beslut
Inga beslut om din vård fattas automatiskt. Ett förslag till avgift räknas fram ur tiderna för mötet. Tycker du att det är fel kan du säga till, så prövar en människa det.

## Kakor
Sidorna använder bara kakor som behövs för inloggningen och för ditt val av språk. Ingen följer vad du gör här.
`,
    accessibility: ({ region, supportPhone }: AboutFacts): string => `
${region ?? 'Regionen'} står bakom den här tjänsten. Vi vill att alla ska kunna använda den. Här står hur tjänsten uppfyller lagen om tillgänglighet till digital offentlig service, vilka brister vi känner till och hur du kan rapportera fler.

## Hur tillgänglig är tjänsten?
Tjänsten är delvis förenlig med lagen (2018:1937) om tillgänglighet till digital offentlig service, som bygger på WCAG på nivå AA.

## Brister som vi känner till
- Videorummet kommer från en annan tillverkare. Dess knappar är inte översatta och beskrivna fullt ut för skärmläsare, och samtalet textas inte automatiskt. Behöver du tolk eller text i mötet: säg till mottagningen i förväg, så ordnar de det.
- Bilder och filer som patienter och vårdpersonal skickar till varandra har ingen beskrivning i text, om den som skickar inte skriver en.

## Kan du inte använda någon del?
Ring teknisk support på ${supportPhone}, så får du innehållet eller hjälp på ett annat sätt. Kan du inte höra eller prata i telefon? Ring genom https://bildtelefoni.net eller https://texttelefoni.se. Du kan också alltid ringa eller skriva till mottagningen.

## Rapportera brister
Hittar du problem som inte står här, eller tycker du att vi inte följer lagen, så ring teknisk support på ${supportPhone}. Vi försöker hela tiden att bli bättre.

## Tillsyn
Myndigheten för digital förvaltning (Digg) har tillsyn över att lagen följs. Är du inte nöjd med hur vi svarar kan du anmäla det till Digg: https://www.digg.se/tdosanmalan

## Hur vi har testat
Vi har själva granskat varje sida med automatiska verktyg, med tangentbord, på smal skärm och med stor text. Ingen utomstående har granskat tjänsten. Den senaste granskningen gjordes i december 2026, och då skrevs också den här redogörelsen.
`,
    genuine: ({ host, supportPhone }: AboutFacts): string => `
Är du osäker på om ett sms eller en sida verkligen kommer från vården? Så här kan du kontrollera det.

## Titta på adressen
Sidans adress ska börja med https:// och sedan exakt ${host}. Står det något annat före eller efter namnet, till exempel ${host}.något-annat, är sidan falsk.

## Det här gör vi aldrig
- Vi ringer aldrig och ber dig logga in medan vi pratar med dig.
- Vi ber aldrig om koder, lösenord, kortnummer eller kontouppgifter.
- Vi ber dig aldrig betala på de här sidorna.
- Vi skriver aldrig i ett sms varför du har kontakt med vården.

## Gå hit utan länken
Skriv själv ${host}/my i webbläsaren och logga in. Där finns alla dina möten och ärenden. Finns mötet inte där är sms:et kanske inte från oss.

## Känns det fel?
Logga inte in. Ring teknisk support på ${supportPhone}, eller din mottagning på numret som du hittar på 1177.se.

Har du redan loggat in på en sida som du tror är falsk? Ring den bank eller tjänst som har gett dig e-legitimationen och be dem spärra den. Gör sedan en polisanmälan på 114 14.
`,
  },
  en: {
    privacy: ({ clinic, region, supportPhone }) => `
This service is used for digital care meetings, for questions to and answers from health care, and for what belongs to them.

## Who is responsible
${
  clinic === null
    ? `The clinic that invited you, or that you write to, is responsible for the data together with ${region ?? 'its region'}. Once you have logged in you see which one it is.`
    : `${clinic.controller ?? region ?? clinic.name} is the controller of your personal data. You reach the clinic, ${clinic.name}, by telephone ${clinic.phone}.`
}

${
  clinic?.dataProtectionOfficer
    ? `This is how you reach the data protection officer: ${clinic.dataProtectionOfficer}.`
    : 'Ask the clinic how to reach the data protection officer.'
}

## What data we process, and why
- Name, personal identity number and contact details, so that the right person comes to the meeting and gets notices.
- Times of meetings, and when somebody came into and left the meeting room, so that the meeting can be held and the right fee is charged.
- Your answer to whether the clinic may see data about earlier care, forms that you fill in, and messages and files that you send, so that you get good care.
- Data about children, and about guardians, representatives, relatives and interpreters who take part, so that the right person can take part and decide.
- Who has read or changed your data, so that unauthorised reading can be found.

The service does not record the meeting’s picture or sound.

## Legal basis
The processing is needed to give care, a task in the public interest, and to follow laws such as the Patient Data Act (article 6.1 c and e and article 9.2 h of the GDPR). SMS are sent only if you have agreed to them. You can withdraw your yes at any time. What has already been done is not changed by that.

## Who gets the data
- Those who work at the clinic and need it in their work.
- The region’s suppliers of SMS, e-mail, e-identification and operations, who may process the data on the region’s behalf only. An SMS says nothing about which clinic it concerns, or why.
- Those who send invoices, if there is a fee. They get nothing about your health.

The data is not transferred to countries outside the EU and the EEA.

## How long it is kept
What belongs to your care is transferred to your health record, which is kept for at least ten years. Data on who has read or changed something is kept for at least five years. Other data is kept for as long as it is needed for what it was collected for, and then removed as the region decides.

## Your rights
- You have the right to know what data there is about you, and who has read it.
- You have the right to have errors corrected, and in some cases to have the processing restricted or to object to it.
- Data in a health record may as a rule not be erased. You can apply for that to the Health and Social Care Inspectorate (IVO).
- You can ask to have other data erased. The right to move data to somebody else does not apply here, since care is not based on your consent or on a contract.
- Call or write to the clinic to use your rights. The technical support has telephone ${supportPhone}.
- If you think that we do something wrong, you can complain to the Swedish Authority for Privacy Protection (IMY): https://www.imy.se

## Do I have to give the data?
Health care must know who you are. If you do not want to use the digital service, you can call or write to the clinic and get care in another way.

## Automatic decisions
No decisions about your care are made automatically. A proposed fee is worked out from the meeting’s times. If you think that it is wrong you can say so, and a person will look at it.

## Cookies
The pages use only the cookies that are needed for the login and for your choice of language. Nobody follows what you do here.
`,
    accessibility: ({ region, supportPhone }) => `
${region ?? 'The region'} is behind this service. We want everybody to be able to use it. Here you can read how the service meets the Swedish law on the accessibility of digital public services, which shortcomings we know of and how you can report more.

## How accessible is the service?
The service partly complies with the law (2018:1937) on the accessibility of digital public services, which builds on WCAG at level AA.

## Shortcomings that we know of
- The video room comes from another maker. Its buttons are not fully translated and described for screen readers, and the conversation has no automatic captions. If you need an interpreter or text in the meeting: tell the clinic beforehand, and they will arrange it.
- Pictures and files that patients and staff send to each other have no description in text, unless the sender writes one.

## Is there a part that you cannot use?
Call the technical support at ${supportPhone}, and you will get the content or help in another way. Can you not hear or speak on the telephone? Call through https://bildtelefoni.net or https://texttelefoni.se. You can also always call or write to the clinic.

## Report shortcomings
If you find problems that are not listed here, or think that we do not follow the law, call the technical support at ${supportPhone}. We always try to improve.

## Supervision
The Agency for Digital Government (Digg) supervises that the law is followed. If you are not satisfied with how we answer, you can report it to Digg: https://www.digg.se/tdosanmalan

## How we have tested
We have ourselves examined each page with automatic tools, with the keyboard, on a narrow screen and with large text. Nobody from outside has examined the service. The latest examination was made in December 2026, when this statement was written.
`,
    genuine: ({ host, supportPhone }) => `
Are you not sure whether an SMS or a page really comes from health care? This is how you can check.

## Look at the address
The page’s address must begin with https:// and then exactly ${host}. If there is anything else before or after the name, such as ${host}.something-else, the page is fake.

## We never do this
- We never call you and ask you to log in while we talk with you.
- We never ask for codes, passwords, card numbers or account details.
- We never ask you to pay on these pages.
- We never write in an SMS why you are in contact with health care.

## Come here without the link
Type ${host}/my in the browser yourself and log in. All your meetings and cases are there. If the meeting is not, the SMS may not be from us.

## Does something feel wrong?
Do not log in. Call the technical support at ${supportPhone}, or your clinic at the number that you find at 1177.se.

Have you already logged in on a page that you think is fake? Call the bank or service that gave you your e-identification and ask them to block it. Then report it to the police at 114 14.
`,
  },
});
