// @salesforce/core, what the sf command stands on, told what to do by lines on standard input.
import { OAuth2 } from "@jsforce/jsforce-node";
import { AuthInfo, AuthRemover, Connection } from "@salesforce/core";
import { answer } from "./lines.mjs";

let connection;

const logins = {
  JWT: ({ login_url: loginUrl, username, client_id: clientId, key_file: privateKey }) =>
    AuthInfo.create({ username, oauth2Options: { loginUrl, clientId, privateKey } }),
  "access token": ({ instance_url: instanceUrl, access_token: accessToken }) =>
    AuthInfo.create({ accessTokenOptions: { accessToken, instanceUrl, loginUrl: instanceUrl } }),
  "refresh token": (told) =>
    AuthInfo.create({ oauth2Options: { ...app(told), refreshToken: told.refresh_token } }),
  "web server flow (PKCE)": async (told) => {
    const options = { ...app(told), redirectUri: told.callback };
    if (!told.visited) {
      verifier = new OAuth2({ ...options, useVerifier: true });
      return verifier.getAuthorizationUrl({ scope: "refresh_token api web" });
    }
    const authCode = new URL(told.visited).searchParams.get("code");
    return AuthInfo.create({ oauth2Options: { ...options, authCode }, oauth2: verifier });
  },
};
let verifier;

const app = (told) => ({
  loginUrl: told.login_url,
  clientId: told.client_id,
  clientSecret: told.client_secret,
});

await answer(
  {
    login: async (flow, told) => {
      await (await AuthRemover.create()).removeAllAuths(); // or it keeps to what it knows of the user
      const authInfo = await logins[flow](told);
      if (typeof authInfo === "string") return authInfo;
      connection = await Connection.create({ authInfo });
    },
    create: async (type, fields) => (await connection.sobject(type).create(fields)).id,
    read: (type, id) => connection.sobject(type).retrieve(id),
    update: (type, id, fields) => connection.sobject(type).update({ Id: id, ...fields }),
    delete: (type, id) => connection.sobject(type).destroy(id),
    upsert: (type, field, value, fields) =>
      connection.sobject(type).upsert({ [field]: value, ...fields }, field),
    query: async (soql) => {
      const rows = await connection.autoFetchQuery(soql);
      return rows.records.map((row) => row.Name);
    },
    describe: async (type) => (await connection.describe(type)).fields.map((field) => field.name),
    limits: async () => (await connection.limits()).DailyApiRequests,
    version: () => connection.getApiVersion(),
    fields: () => {
      const { accessToken, privateKey, clientSecret, refreshToken, ...fields } =
        connection.getAuthInfoFields();
      return fields;
    },
  },
  ({ name, message, errorCode, cause }) => ({
    name,
    message,
    errorCode,
    cause: cause && { name: cause.name, message: cause.message },
  }),
);
