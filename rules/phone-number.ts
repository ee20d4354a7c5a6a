import parsePhoneNumber from 'libphonenumber-js/max';

/** A Swedish mobile number as E.164 (`+46701740605`), or null for anything that cannot take an SMS in Sweden. */
export function swedishMobile(input: string): string | null {
  const number = parsePhoneNumber(input, { defaultCountry: 'SE', extract: false });
  if (!number?.isValid() || number.ext || number.country !== 'SE' || number.getType() !== 'MOBILE')
    return null;
  return number.number;
}
