import { mailSubject } from '../../../integrations/mail/subjects';

describe('the subject of an e-mail (R2.3)', () => {
  it('says no more than that there is a digital meeting', () => {
    expect([mailSubject('sv'), mailSubject('en')]).toEqual(['Digitalt möte', 'Digital meeting']);
  });
});
