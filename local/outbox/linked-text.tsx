/** Matches a web address, without the punctuation that may follow it. */
const WEB_ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/;

/** A text whose web addresses (http and https only) can be followed, as phones show them. */
export function LinkedText({ text }: { text: string }) {
  // Split by a pattern with a group, the addresses are the odd ones.
  return text.split(WEB_ADDRESS).map((piece, index) =>
    index % 2 === 1 && URL.canParse(piece) ? (
      <a key={index} href={piece} rel="noreferrer">
        {piece}
      </a>
    ) : (
      piece
    ),
  );
}
