import type { ComponentChildren } from 'preact';
import { isBlank } from '../../../rules/typed';
import type { Meeting } from '../../../records/meetings';
import type { Language } from '../../../rules/notices';
import { roomName, type ConfirmReadiness } from '../../../use-cases/meeting/bodies';
import type { RememberedRoom } from '../../../use-cases/meeting/remembered-room';
import { CheckField, TextField } from '../../frame/fields';
import { Button, ButtonRow } from '../../frame/parts';
import { PostForm, type FormGuard } from '../../frame/post-form';
import { clockTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { ForTime } from './posted';

interface ChecklistProps {
  language: Language;
  action: string;
  guard: FormGuard;
  meeting: Meeting;
  /** What was confirmed before on the same day; null where nothing was. */
  remembered: RememberedRoom | null;
  /** The words of the button, and whether it is the page's primary one. */
  button: string;
  isPrimary: boolean;
  /** The page's script sends it without leaving the page. */
  isInPlace?: true;
}

/**
 * What is looked at before the door opens, and the one press that says that all of it holds (R4.7). Where it
 * was confirmed before on the same day that is one press in the same room; in another room, or where something
 * has changed, all is looked at anew.
 */
export function RoomChecklist(props: ChecklistProps) {
  const { language, remembered } = props;
  const words = texts[language];
  if (remembered === null) return <FullChecklist {...props} inRoom="" isAtDistance={false} />;
  const { at, inRoom, isAtDistance } = remembered;
  const where = inRoom ?? (isAtDistance ? words.atDistanceShort : null);
  return (
    <>
      <p>
        {words.confirmedAt} {clockTime(at, language)}
        {where !== null && `: ${where}`}. {words.stillHolds}
      </p>
      <ChecklistForm {...props} button={words.sameRoom}>
        {inRoom !== null && <input type="hidden" name="inRoom" value={inRoom} />}
        {isAtDistance && <input type="hidden" name="atDistance" value="yes" />}
      </ChecklistForm>
      <details>
        <summary>{words.otherRoom}</summary>
        <FullChecklist {...props} isPrimary={false} inRoom="" isAtDistance={isAtDistance} />
      </details>
    </>
  );
}

function FullChecklist({
  inRoom,
  isAtDistance,
  ...props
}: ChecklistProps & { inRoom: string; isAtDistance: boolean }) {
  const { language } = props;
  const words = texts[language];
  return (
    <>
      <p>{words.check}</p>
      <ul>
        {words.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <ChecklistForm {...props}>
        <CheckField
          id="atDistance"
          name="atDistance"
          value="yes"
          label={words.atDistance}
          isChecked={isAtDistance}
          language={language}
        />
        <TextField
          id="inRoom"
          name="inRoom"
          label={words.inRoom}
          hint={words.inRoomHint}
          value={inRoom}
          isOptional
          language={language}
        />
      </ChecklistForm>
    </>
  );
}

function ChecklistForm({
  action,
  guard,
  meeting,
  button,
  isPrimary,
  isInPlace,
  children,
}: ChecklistProps & { children: ComponentChildren }) {
  return (
    <PostForm
      action={action}
      guard={guard}
      noValidate
      autocomplete="off"
      {...(isInPlace ? { class: 'in-place' } : {})}
    >
      <ForTime sight={{ meeting }} />
      {children}
      <ButtonRow>
        <Button kind={isPrimary ? 'primary' : 'secondary'} icon="check">
          {button}
        </Button>
      </ButtonRow>
    </PostForm>
  );
}

/** What the form posts. */
interface PostedChecklist {
  inRoom?: string | undefined;
  atDistance?: string | undefined;
}

/** Each point that the one press confirms, as the command takes it; null where the room's name is none. */
export function checklistOf({ inRoom = '', atDistance }: PostedChecklist): ConfirmReadiness | null {
  const name = isBlank(inRoom) ? null : roomName.safeParse(inRoom);
  if (name !== null && !name.success) return null;
  return {
    moment: 'before-opening',
    room: true,
    background: true,
    clothing: true,
    nameBadge: true,
    faceLit: true,
    upperBody: true,
    ...(atDistance === 'yes' ? { closedDoor: true } : { markedOccupied: true }),
    inRoom: name === null ? null : name.data,
  };
}

const texts = wording({
  sv: {
    check: 'Kontrollera innan patienten släpps in:',
    points: [
      'Ingen annan hör eller ser.',
      'Bakgrunden visar inget om andra patienter.',
      'Du har arbetskläder, och namnskylt med titel som syns.',
      'Ansiktet är belyst, och kameran visar överkroppen.',
      'Rummet är markerat som upptaget. På distans: du är ensam bakom en stängd dörr.',
    ],
    atDistance: 'Jag arbetar på distans, bakom en stängd dörr',
    atDistanceShort: 'på distans',
    inRoom: 'Rum',
    inRoomHint: 'Till exempel Rum 3. Nästa möte där i dag bekräftar du med ett tryck',
    confirmedAt: 'Du bekräftade rummet i dag kl.',
    stillHolds: 'Sitter du kvar, och stämmer allt fortfarande?',
    sameRoom: 'Ja, samma rum och allt stämmer',
    otherRoom: 'Ett annat rum, eller något har ändrats',
  },
  en: {
    check: 'Check before the patient is let in:',
    points: [
      'Nobody else hears or sees.',
      'The background shows nothing of other patients.',
      'You wear work clothes, and a name badge with title that is seen.',
      'The face is lit, and the camera shows the upper body.',
      'The room is marked as occupied. At a distance: you are alone behind a closed door.',
    ],
    atDistance: 'I work at a distance, behind a closed door',
    atDistanceShort: 'at a distance',
    inRoom: 'Room',
    inRoomHint: 'Such as Room 3. The next meeting there today you confirm by one press',
    confirmedAt: 'You confirmed the room today at',
    stillHolds: 'Are you still there, and does all of it still hold?',
    sameRoom: 'Yes, the same room, and all of it holds',
    otherRoom: 'Another room, or something has changed',
  },
});
