// jsforce, told what to do by lines on standard input.
import jsforce from "jsforce";
import { answer } from "./lines.mjs";

const version = "60.0";
let connection;

const logins = {
  "username and password (SOAP)": async ({ login_url, username, password, security_token }) => {
    connection = new jsforce.Connection({ loginUrl: login_url, version });
    await connection.login(username, password + security_token);
  },
  "username and password (OAuth)": async (told) => {
    connection = new jsforce.Connection({ oauth2: app(told), version });
    await connection.login(told.username, told.password + told.security_token);
  },
  "client credentials": async (told) => {
    connection = new jsforce.Connection({ oauth2: app(told, told.instance_url), version });
    await connection.authorize({ grant_type: "client_credentials" });
  },
  "refresh token": async (told) => {
    const { instance_url: instanceUrl, refresh_token: refreshToken } = told;
    connection = new jsforce.Connection({ oauth2: app(told), instanceUrl, refreshToken, version });
  },
  "access token": async ({ instance_url: instanceUrl, access_token: accessToken }) => {
    connection = new jsforce.Connection({ instanceUrl, accessToken, version });
  },
  "web server flow (PKCE)": async (told) => {
    if (!told.visited) {
      const oauth2 = { ...app(told), redirectUri: told.callback, useVerifier: true };
      connection = new jsforce.Connection({ oauth2, version });
      return connection.oauth2.getAuthorizationUrl({ scope: "api refresh_token" });
    }
    await connection.authorize(new URL(told.visited).searchParams.get("code"));
  },
};

const app = (told, loginUrl = told.login_url) => ({
  loginUrl,
  clientId: told.client_id,
  clientSecret: told.client_secret,
});

await answer(
  {
    login: (flow, told) => logins[flow](told),
    create: async (type, fields) => (await connection.sobject(type).create(fields)).id,
    create_many: (type, rows) => connection.sobject(type).create(rows),
    read: (type, id) => connection.sobject(type).retrieve(id),
    update: (type, id, fields) => connection.sobject(type).update({ Id: id, ...fields }),
    delete: (type, id) => connection.sobject(type).destroy(id),
    upsert: (type, field, value, fields) =>
      connection.sobject(type).upsert({ [field]: value, ...fields }, field),
    query: async (soql) => {
      const rows = await connection.query(soql).run({ autoFetch: true, maxFetch: 50000 });
      return rows.records.map((row) => row.Name);
    },
    describe: async (type) => (await connection.describe(type)).fields.map((field) => field.name),
    limits: async () => (await connection.limits()).DailyApiRequests,
    identity: () => connection.identity(),
    end: () => connection.logout(),
    usage: () => connection.limitInfo,
    recent: () => connection.recent(),
    objects: async () => (await connection.describeGlobal()).sobjects.map(({ name }) => name),
    search: (sosl) => connection.search(sosl),
    logout: () => connection.logout(true),
  },
  (error) => ({ name: error.name, message: error.message, errorCode: error.errorCode }),
);
