import { wording } from '../../frame/wording';

/** What a refusal is about: `kameran`, and `kamera` after *ingen*. */
interface DeviceNouns {
  the: string;
  none: string;
}

/**
 * What a browser can say of camera and microphone, and what helps. The keys are what the page's script finds
 * out (assets/device.js).
 */
export const deviceTexts = wording({
  sv: {
    title: 'Testa kamera, mikrofon och ljud',
    intro:
      'Här ser du om allt fungerar innan mötet. Ingenting spelas in: bild och ljud stannar i din telefon eller dator. Mottagningen ser om det fungerade, så att de kan hjälpa dig i tid.',
    noScript:
      'Testet behöver JavaScript, som är avstängt i din webbläsare. Slå på det, eller öppna sidan i en annan webbläsare. Själva mötet behöver det också.',
    camera: {
      title: '1. Kamera',
      start: 'Testa kameran',
      picture: 'Bilden från din kamera',
      waiting: 'Webbläsaren frågar nu om kameran får användas. Välj Tillåt.',
      works: 'Kameran fungerar. Du ska se dig själv här ovanför.',
    },
    microphone: {
      title: '2. Mikrofon',
      start: 'Testa mikrofonen',
      level: 'Hur starkt ljudet är',
      waiting: 'Webbläsaren frågar nu om mikrofonen får användas. Välj Tillåt.',
      listening: 'Säg något. Stapeln ska röra sig när du pratar.',
      press: 'Webbläsaren har pausat ljudet. Tryck någonstans på sidan, så fortsätter testet.',
      works: 'Mikrofonen fungerar. Vi hör ljud från den.',
      silent:
        'Vi hör ingenting. Tala högre, kontrollera att mikrofonen inte är avstängd på headsetet eller i datorns ljudinställningar, och testa igen.',
    },
    sound: {
      title: '3. Ljud',
      start: 'Spela ett testljud',
      playing: 'Ljudet spelas nu.',
      press: 'Webbläsaren har pausat ljudet. Tryck på knappen en gång till.',
      question: 'Hörde du ljudet?',
      yes: 'Ja, jag hörde det',
      no: 'Nej, jag hörde inget',
      works: 'Ljudet fungerar.',
      notHeard:
        'Höj volymen. Kontrollera att telefonen inte är på ljudlöst, och att hörlurarna är anslutna till den här enheten. Dra annars ur dem och testa utan. Spela sedan ljudet igen.',
      unsupported: 'Den här webbläsaren kan inte spela testljudet. I mötet kan det fungera ändå.',
    },
    notTested: 'Inte testat än',
    ok: 'Fungerar',
    notOk: 'Fungerar inte än',
    allWork: 'Allt fungerar. Du är redo för mötet.',
    told: 'Mottagningen ser nu hur testet gick.',
    notTold: 'Det gick inte att tala om för mottagningen hur testet gick. Testet gäller ändå.',
    goOn: 'Du kan vara med i mötet även om något inte fungerar. Ring eller skriv till oss om du vill ha hjälp.',
    back: 'Till mitt möte',
    nouns: { camera: 'kameran', microphone: 'mikrofonen' },
    none: { camera: 'kamera', microphone: 'mikrofon' },
    refused: {
      'not-allowed': {
        text: ({ the }: DeviceNouns) => `Webbläsaren får inte använda ${the}. Så här ändrar du det:`,
        ways: [
          'iPhone och iPad: öppna Inställningar, välj Appar och sedan Safari (eller den webbläsare du använder), och tillåt Kamera och Mikrofon. Ladda sedan om sidan.',
          'Android: tryck på symbolen till vänster om adressen, välj Behörigheter, och tillåt Kamera och Mikrofon. Ladda sedan om sidan.',
          'Dator: klicka på symbolen till vänster om adressen och tillåt Kamera och Mikrofon. Ladda sedan om sidan.',
        ],
      },
      'not-allowed-by-system': {
        text: ({ the }: DeviceNouns) =>
          `Telefonen eller datorn låter inte webbläsaren använda ${the}. Så här ändrar du det:`,
        ways: [
          'Mac: Systeminställningar, Integritet och säkerhet, Kamera och Mikrofon. Slå på din webbläsare.',
          'Windows: Inställningar, Sekretess och säkerhet, Kamera och Mikrofon. Slå på för skrivbordsappar.',
          'Telefon: öppna telefonens inställningar, sök upp din webbläsare bland apparna och tillåt Kamera och Mikrofon.',
        ],
      },
      'not-found': {
        text: ({ none }: DeviceNouns) => `Vi hittar ingen ${none}. Så här kan du göra:`,
        ways: [
          'Kontrollera att den är ansluten och påslagen.',
          'Har datorn ingen, använd en telefon eller surfplatta i stället. Öppna samma länk där.',
        ],
      },
      'not-readable': {
        text: ({ the }: DeviceNouns) =>
          `Något annat program använder ${the}, eller så svarar den inte. Så här kan du göra:`,
        ways: [
          'Stäng andra program och flikar som kan använda den, till exempel Teams, Zoom eller kameraappen.',
          'Starta om webbläsaren, eller telefonen eller datorn, och testa igen.',
        ],
      },
      insecure: {
        text: () => 'Sidan öppnades utan säker anslutning. Öppna länken i ditt sms igen.',
        ways: [],
      },
      unsupported: {
        text: () =>
          'Det går inte i den här webbläsaren. Ofta beror det på att sidan öppnades inne i en annan app. Så här kan du göra:',
        ways: [
          'Kopiera länken ur ditt sms och öppna den i Safari, Chrome eller Firefox.',
          'Kontrollera att webbläsaren är uppdaterad.',
        ],
      },
    },
  },
  en: {
    title: 'Test camera, microphone and sound',
    intro:
      'Here you see whether everything works before the meeting. Nothing is recorded: picture and sound stay in your phone or computer. The clinic sees whether it worked, so that they can help you in time.',
    noScript:
      'The test needs JavaScript, which is switched off in your browser. Switch it on, or open the page in another browser. The meeting itself needs it too.',
    camera: {
      title: '1. Camera',
      start: 'Test the camera',
      picture: 'The picture from your camera',
      waiting: 'Your browser now asks whether the camera may be used. Choose Allow.',
      works: 'The camera works. You should see yourself above.',
    },
    microphone: {
      title: '2. Microphone',
      start: 'Test the microphone',
      level: 'How loud the sound is',
      waiting: 'Your browser now asks whether the microphone may be used. Choose Allow.',
      listening: 'Say something. The bar should move when you speak.',
      press: 'Your browser has paused the sound. Press anywhere on the page, and the test goes on.',
      works: 'The microphone works. We hear sound from it.',
      silent:
        'We hear nothing. Speak louder, make sure that the microphone is not muted on the headset or in the computer’s sound settings, and test again.',
    },
    sound: {
      title: '3. Sound',
      start: 'Play a test sound',
      playing: 'The sound is being played.',
      press: 'Your browser has paused the sound. Press the button once more.',
      question: 'Did you hear the sound?',
      yes: 'Yes, I heard it',
      no: 'No, I heard nothing',
      works: 'The sound works.',
      notHeard:
        'Turn up the volume. Make sure that the phone is not on silent, and that the headphones are connected to this device. Or unplug them and test without. Then play the sound again.',
      unsupported: 'This browser cannot play the test sound. In the meeting it may work all the same.',
    },
    notTested: 'Not tested yet',
    ok: 'Works',
    notOk: 'Does not work yet',
    allWork: 'Everything works. You are ready for the meeting.',
    told: 'The clinic now sees how the test went.',
    notTold: 'We could not tell the clinic how the test went. The test counts all the same.',
    goOn: 'You can take part in the meeting even if something does not work. Call or write to us if you want help.',
    back: 'To my meeting',
    nouns: { camera: 'the camera', microphone: 'the microphone' },
    none: { camera: 'camera', microphone: 'microphone' },
    refused: {
      'not-allowed': {
        text: ({ the }) => `The browser is not allowed to use ${the}. This is how you change that:`,
        ways: [
          'iPhone and iPad: open Settings, choose Apps and then Safari (or the browser that you use), and allow Camera and Microphone. Then reload the page.',
          'Android: press the symbol to the left of the address, choose Permissions, and allow Camera and Microphone. Then reload the page.',
          'Computer: click the symbol to the left of the address and allow Camera and Microphone. Then reload the page.',
        ],
      },
      'not-allowed-by-system': {
        text: ({ the }) =>
          `The phone or computer does not let the browser use ${the}. This is how you change that:`,
        ways: [
          'Mac: System Settings, Privacy and Security, Camera and Microphone. Switch on your browser.',
          'Windows: Settings, Privacy and security, Camera and Microphone. Switch on for desktop apps.',
          'Phone: open the phone’s settings, find your browser among the apps and allow Camera and Microphone.',
        ],
      },
      'not-found': {
        text: ({ none }) => `We find no ${none}. This is what you can do:`,
        ways: [
          'Make sure that it is connected and switched on.',
          'If the computer has none, use a phone or tablet instead. Open the same link there.',
        ],
      },
      'not-readable': {
        text: ({ the }) =>
          `Some other program is using ${the}, or it does not answer. This is what you can do:`,
        ways: [
          'Close other programs and tabs that may use it, such as Teams, Zoom or the camera app.',
          'Restart the browser, or the phone or computer, and test again.',
        ],
      },
      insecure: {
        text: () => 'The page was opened without a secure connection. Open the link in the SMS again.',
        ways: [],
      },
      unsupported: {
        text: () =>
          'It is not possible in this browser. Often that is because the page was opened inside another app. This is what you can do:',
        ways: [
          'Copy the link from the SMS and open it in Safari, Chrome or Firefox.',
          'Make sure that the browser is up to date.',
        ],
      },
    },
  },
});

/** Why a camera or microphone cannot be used. */
export const deviceRefusals = [
  'not-allowed',
  'not-allowed-by-system',
  'not-found',
  'not-readable',
  'insecure',
  'unsupported',
] as const;
