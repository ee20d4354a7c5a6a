import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { connectionOptions } from './connection-options';
import { parseMailServer } from './mail-server';

/**
 * Whether the mail server answers and takes our login, without sending anything.
 * @returns null, or what is wrong in a word
 */
export function checkMailServer(url: string, timeoutMs: number): Promise<string | null> {
  const server = parseMailServer(url);
  if (!server) return Promise.resolve('no-mail-server');
  return new Promise((resolve) => {
    const connection = new SMTPConnection(connectionOptions(server, timeoutMs));
    const deadline = setTimeout(() => end('time-out'), timeoutMs);
    function end(problem: string | null): void {
      clearTimeout(deadline);
      resolve(problem);
      if (problem === null) connection.quit();
      else connection.close();
    }
    const wrong = (error: { code?: string }): void => end(error.code?.toLowerCase() ?? 'refused');
    connection.on('error', wrong);
    connection.connect((error) => {
      if (error) wrong(error);
      else if (!server.login) end(null);
      else {
        const { user, password } = server.login;
        connection.login({ user, pass: password }, (refusal) => (refusal ? wrong(refusal) : end(null)));
      }
    });
  });
}
