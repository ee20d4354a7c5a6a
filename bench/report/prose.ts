/** What of the document holds for every run. */

export const ratios = `Servers, service, what it is compared with, and the load itself share the cores. So absolute figures say what this one machine does, and
**what can be compared is the ratio**: the service's figure divided by the other's. For times, CPU, events and memory less is better; for what is done in a second, more.`;

export const comparisons = `## What is compared

- **The service**: the real Express app and the real workers, each in a process of its own, with durable writes, encrypted payloads and every check of
  the rules, its caps as in production, its probes at work. Only the SMS provider is a stand-in.
- **The bare loop**: a workflow with one timer and one activity that makes one HTTP POST to the same stand-in ([bench/bare](../bench/bare)). A _bare start_
  is one call to Temporal. No record, no check, no encryption: what Temporal itself costs.
- **The honest floor** ([bench/floor](../bench/floor)): the least that could keep the promises. A booking is HTTP, one durable row for the command, one for the
  audit log, and a bare start. A reminder is the bare loop with a row taken before the POST and a note after it, each a durable write.
- **The poller**: the way most do it. Rows with a time in a table; once a minute, what is due is sent and marked, one after the other
  ([bench/poller](../bench/poller)). It sends twice where it dies between the two, and asks nobody whether the meeting still stands.`;

export const costs = `## CPU

_CPU, ms_ is the processor time of one operation, from \`/proc/<pid>/stat\` of each process and what it has started, in user and system mode. On a machine
with few cores it decides what goes in a second. It is told apart for the Temporal server, the database, the API, the worker (the poller's process is a worker too)
and the client, which is the bench itself: the load, and the stand-in of the provider. What a server does while nobody asks is in it. Where a server is on
another machine its part is not known, and there is no ratio of CPU.`;

export const running = `## How to run it

\`\`\`sh
npm run bench                        # everything; half an hour or more
npm run bench -- --quick             # all at once and tiny, to see that it works
npm run bench -- --write             # makes this file
npm run bench -- --only=reads,meeting
npm run bench -- --bookings=500 --reminders=200 --memory=100,1000,3000 --heap=2048
npm run bench -- --busy              # although others use the machine
npm run bench -- --result=FILE       # the figures as JSON; else in .vardmote/bench/figures.json
\`\`\`

It needs what \`npm start\` needs. It starts servers of its own on free ports with a temporary folder that is removed afterwards. Before it begins it looks for
three seconds whether others use the cores: above 10 % it refuses, unless it is told \`--busy\` or \`--quick\`. The first comment of each measure's file says
what it measures: [bench/measures](../bench/measures). In a \`--quick\` run only the counts of events, and what must be 0, mean something.

To compare with a count on paper: \`npm run bench -- --only=meeting\` prints the events by type and by name, and its figures do not depend on what else
the machine does.

### Against a Temporal server on PostgreSQL

\`\`\`sh
npm run bench -- --temporal=127.0.0.1:7233 --namespace=bench --temporal-pids=SERVER,POSTGRES
npm run bench -- --mongodb='mongodb://127.0.0.1:27017/DATABASE?directConnection=true' --database-pids=MONGOD
\`\`\`

\`--temporal\` names a server that runs already, with its namespace (\`temporal operator namespace create bench\`); the service makes its search attributes
there. \`--mongodb\` names a MongoDB replica set, with \`DATABASE\` where each measure's own database goes; these stay. The process ids, with commas
between them, tell where to read CPU; PostgreSQL's connections are children of the one that is named. The history of a meeting is always measured on the server that
skips time.

Such a server is made without Docker by Go, of the version that the dev server has. The commands are those of its
own Makefile; nobody has run them for this page yet:

\`\`\`sh
go install go.temporal.io/server/cmd/server@v1.32.0 go.temporal.io/server/cmd/tools/sql@v1.32.0
sources=$(go env GOMODCACHE)/go.temporal.io/server@v1.32.0
sql='sql -u temporal --pw temporal -p 5432 --pl postgres12 --db'
for name in temporal visibility; do
  database=temporal; [ $name = visibility ] && database=temporal_visibility
  $sql $database create && $sql $database setup-schema -v 0.0
  $sql $database update-schema -d "$sources/schema/postgresql/v12/$name/versioned"
done
cd "$sources" && server --config-file config/development-postgres12.yaml --allow-no-auth start
\`\`\`

That file expects PostgreSQL at port 5432 with a user \`temporal\` whose password is \`temporal\`. Let nobody else reach either.`;
