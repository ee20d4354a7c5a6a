import { MOST_FILE_BYTES } from '../../../rules/files';
import { MOST_FILES_PER_MESSAGE, MOST_MESSAGE_CHARACTERS } from '../../../rules/message';
import type { AttachProblem, TextProblem } from './compose';
import { wording } from '../../frame/wording';

const MEGABYTES = MOST_FILE_BYTES / 1024 / 1024;

/** A newer refusal than these words know is told as a file that cannot be read. */
type FileProblemWords = Partial<Record<AttachProblem, string>> & { other: string };

/** The words of threads: of message cases, and of the chats of meetings. */
export const threadTexts = wording({
  sv: {
    messages: 'Meddelanden',
    none: 'Ingen har skrivit här än.',
    earlier: 'Visa tidigare meddelanden',
    later: 'Till de senaste meddelandena',
    toWrite: 'Gå till fältet där du skriver',
    you: 'Du',
    who: {
      staff: 'Mottagningen',
      patient: 'Patienten',
      guardian: 'Vårdnadshavare',
      relative: 'Anhörig',
      interpreter: 'Tolk',
      guest: 'Gäst',
    },
    asks: 'Mottagningen ber dig svara',
    open: 'Öppna',
    preview: 'Liten bild av',
    pdf: 'PDF',
    write: 'Skriv ett meddelande',
    text: 'Ditt meddelande',
    attach: 'Skicka med bilder eller PDF',
    attachNext: 'Skicka en bild eller en PDF',
    attachHint: `Högst ${MOST_FILES_PER_MESSAGE} filer i ett meddelande, ${MEGABYTES} MB var. Uppgiften om var bilden är tagen tas bort innan den sparas.`,
    camera: 'Ta en bild med kameran',
    choose: 'Välj en bild eller en PDF',
    attached: 'Följer med meddelandet',
    attachedHint: 'Kryssa ur det du inte vill skicka.',
    attachNow: 'Lägg till och visa bilden',
    send: 'Skicka',
    sending: 'Skickar …',
    attaching: 'Laddar upp filen …',
    cameOne: 'Filen är uppladdad och följer med när du trycker på Skicka.',
    kept: 'Det du skriver sparas medan du skriver.',
    saved: 'Sparat',
    at: (time: string): string => `kl. ${time}`,
    offline: 'Du verkar inte ha någon uppkoppling just nu. Det du har skrivit finns kvar här.',
    loggedOut: 'Du är inte längre inloggad. Det du har skrivit finns kvar här.',
    logIn: 'Logga in i en ny flik',
    noContact: 'Du verkar inte ha någon uppkoppling just nu. Sidan försöker igen av sig själv.',
    away: 'Tjänsten fungerar inte som den ska just nu. Sidan försöker igen av sig själv.',
    notTaken:
      'Tjänsten fungerar inte som den ska just nu. Det du har skrivit finns kvar här. Vänta en stund och försök igen.',
    fileNotTaken:
      'Filen är inte uppladdad, eftersom tjänsten inte fungerar som den ska just nu. Den är fortfarande vald. Vänta en stund och tryck på Skicka, så följer den med.',
    fileTooLarge: `Filen är för stor och är inte längre vald. En fil får vara högst ${MEGABYTES} MB. Prova att skicka en fil i taget.`,
    tooMuch: 'Det är för mycket text. Skriv kortare, eller dela upp det i flera meddelanden.',
    newFrom: 'Nytt meddelande från',
    reload: 'Ladda om sidan för att se om det har kommit något nytt.',
    sent: 'Ditt meddelande är skickat.',
    received: 'Vi har tagit emot ditt meddelande. Det syns här om en stund. Du behöver inte skicka det igen.',
    notSentTitle: 'Meddelandet är inte skickat än',
    notSentText: 'Det du har skrivit finns kvar. Rätta det som är fel och tryck på Skicka igen.',
    filesTitle: 'En fil kunde inte läggas till',
    wrongTitle: 'Fel: ',
    textProblems: {
      'too-many-today':
        'Du har skickat så många meddelanden som går på en dag. Skriv igen i morgon, eller ring mottagningen. Det du har skrivit är sparat.',
      'new-message':
        'Det har kommit ett nytt meddelande sedan du öppnade sidan. Läs det. Vill du skicka ändå, tryck på Skicka igen.',
      empty: 'Skriv något, eller lägg till en bild.',
      'too-long': `Skriv kortare, högst ${MOST_MESSAGE_CHARACTERS} tecken, eller dela upp det i flera meddelanden.`,
      'control-characters':
        'Texten hade dolda tecken som inte går att skicka. Vi har tagit bort dem. Läs igenom texten och tryck på Skicka igen.',
    } satisfies Record<TextProblem, string>,
  },
  en: {
    messages: 'Messages',
    none: 'Nobody has written here yet.',
    earlier: 'Show earlier messages',
    later: 'To the latest messages',
    toWrite: 'Go to where you write',
    you: 'You',
    who: {
      staff: 'The clinic',
      patient: 'The patient',
      guardian: 'Guardian',
      relative: 'Relative',
      interpreter: 'Interpreter',
      guest: 'Guest',
    },
    asks: 'The clinic asks you to reply',
    open: 'Open',
    preview: 'Thumbnail of',
    pdf: 'PDF',
    write: 'Write a message',
    text: 'Your message',
    attach: 'Send pictures or PDFs',
    attachNext: 'Send a picture or a PDF',
    attachHint: `At most ${MOST_FILES_PER_MESSAGE} files in a message, ${MEGABYTES} MB each. Information about where a picture was taken is removed before it is saved.`,
    camera: 'Take a picture with the camera',
    choose: 'Choose a picture or a PDF',
    attached: 'Will be sent with the message',
    attachedHint: 'Untick what you do not want to send.',
    attachNow: 'Add and show the picture',
    send: 'Send',
    sending: 'Sending …',
    attaching: 'Uploading the file …',
    cameOne: 'The file is uploaded and will be sent when you press Send.',
    kept: 'What you write is saved as you type.',
    saved: 'Saved',
    at: (time) => `at ${time}`,
    offline: 'You seem to have no connection right now. What you have written is still here.',
    loggedOut: 'You are no longer logged in. What you have written is still here.',
    logIn: 'Log in in a new tab',
    noContact: 'You seem to have no connection right now. The page will try again by itself.',
    away: 'The service is not working as it should right now. The page will try again by itself.',
    notTaken:
      'The service is not working as it should right now. What you have written is still here. Wait a while and try again.',
    fileNotTaken:
      'The file is not uploaded, because the service is not working as it should right now. It is still selected. Wait a while and press Send, and it will be sent.',
    fileTooLarge: `The file is too large and is no longer selected. A file can have at most ${MEGABYTES} MB. Try sending one file at a time.`,
    tooMuch: 'There is too much text. Write less, or split it into several messages.',
    newFrom: 'New message from',
    reload: 'Reload the page to see if there is anything new.',
    sent: 'Your message has been sent.',
    received: 'We have received your message. It will appear here shortly. You do not need to send it again.',
    notSentTitle: 'The message has not been sent yet',
    notSentText: 'What you have written is still there. Correct it and press Send again.',
    filesTitle: 'A file could not be added',
    wrongTitle: 'Error: ',
    textProblems: {
      'too-many-today':
        'You have sent as many messages as you can in one day. Write again tomorrow, or call the clinic. What you have written is saved.',
      'new-message':
        'A new message has come since you opened the page. Read it. If you still want to send, press Send again.',
      empty: 'Write something, or add a picture.',
      'too-long': `Write less, at most ${MOST_MESSAGE_CHARACTERS} characters, or split it into several messages.`,
      'control-characters':
        'The text had hidden characters that cannot be sent. We have removed them. Read it through and press Send again.',
    },
  },
});

/** Why a file is not with the message: what stands after its name. */
export const fileProblemTexts = wording<FileProblemWords>({
  sv: {
    'too-large': `är för stor. En fil får vara högst ${MEGABYTES} MB. Prova att skicka en bild i taget, eller ta en ny bild.`,
    'too-large-together': 'får inte plats tillsammans med de andra. Lägg till en fil i taget.',
    'too-many': `Det är för många filer. Ett meddelande kan ha ${MOST_FILES_PER_MESSAGE}. Kryssa ur några och skicka dem i ett nytt meddelande.`,
    'empty-file': 'är tom. Välj en annan fil.',
    'type-not-allowed':
      'är av en sort som vi inte kan ta emot. Skicka en bild (JPEG, PNG eller WebP) eller en PDF.',
    'type-forged': 'är inte det som namnet säger. Skicka en bild (JPEG, PNG eller WebP) eller en PDF.',
    'picture-heic':
      'är i formatet HEIC, som vi inte kan öppna. Ta bilden på nytt med knappen för kameran här, eller ta en skärmbild av den och skicka skärmbilden.',
    'picture-too-large': 'har för många pixlar. Ta en ny bild, eller ta en skärmbild av den.',
    'picture-unreadable': 'går inte att öppna. Bilden kan vara skadad. Ta en ny bild.',
    malware: 'stoppades eftersom den kan innehålla ett virus. Skicka den inte.',
    'too-many-unsent':
      'får inte plats: många filer väntar redan på att skickas. Skicka ett meddelande med dem först, och lägg sedan till fler.',
    'name-missing': 'saknar namn. Byt namn på filen och försök igen.',
    'name-too-long': 'har ett för långt namn. Byt namn på filen och försök igen.',
    'name-with-path': 'har ett namn med snedstreck. Byt namn på filen och försök igen.',
    'name-with-control-characters': 'har ett namn med dolda tecken. Byt namn på filen och försök igen.',
    busy: 'kunde inte tas emot just nu. Vänta en liten stund och försök igen.',
    'pictures-away': 'kunde inte tas emot just nu. Vänta en liten stund och försök igen.',
    'scanner-away': 'kunde inte tas emot just nu. Vänta en liten stund och försök igen.',
    'too-many-today':
      'kunde inte läggas till: du har laddat upp så mycket som går på en dag. Skicka filen i morgon, eller ring mottagningen.',
    gone: 'En fil som skulle följa med finns inte kvar, eller är redan skickad. Lägg till den igen om den behövs.',
    other: 'går inte att ta emot. Välj en annan fil.',
  },
  en: {
    'too-large': `is too large. A file can have at most ${MEGABYTES} MB. Try sending one picture at a time, or take a new picture.`,
    'too-large-together': 'does not fit together with the others. Add one file at a time.',
    'too-many': `There are too many files. A message can have ${MOST_FILES_PER_MESSAGE}. Untick some, and send them in another message.`,
    'empty-file': 'is empty. Choose another file.',
    'type-not-allowed': 'is of a kind that we cannot receive. Send a picture (JPEG, PNG or WebP) or a PDF.',
    'type-forged': 'is not what its name says. Send a picture (JPEG, PNG or WebP) or a PDF.',
    'picture-heic':
      'is in the format HEIC, which we cannot open. Take the picture again with the camera button here, or take a screenshot of it and send that.',
    'picture-too-large': 'has too many pixels. Take a new picture, or take a screenshot of it.',
    'picture-unreadable': 'cannot be opened. The picture may be damaged. Take a new picture.',
    malware: 'was stopped because it may contain a virus. Do not send it.',
    'too-many-unsent':
      'does not fit: many files are already waiting to be sent. Send a message with them first, then add more.',
    'name-missing': 'has no name. Rename the file and try again.',
    'name-too-long': 'has a name that is too long. Rename the file and try again.',
    'name-with-path': 'has a name with a slash. Rename the file and try again.',
    'name-with-control-characters': 'has a name with hidden characters. Rename the file and try again.',
    busy: 'could not be received right now. Wait a moment and try again.',
    'pictures-away': 'could not be received right now. Wait a moment and try again.',
    'scanner-away': 'could not be received right now. Wait a moment and try again.',
    'too-many-today':
      'could not be added: you have uploaded as much as you can in one day. Send the file tomorrow, or call the clinic.',
    gone: 'A file that you wanted to send is no longer there, or has already been sent. Add it again if you need it.',
    other: 'cannot be received. Choose another file.',
  },
});
