// Salesforce's own parser, in API mode: a query a line in (JSON strings), a verdict a line out.
//
// node salesforce.js FOLDER, where FOLDER holds node_modules with @salesforce/soql-common and antlr4ts.
// The package's own function leaves what the lexer does not know to the console; here it counts as the error it is.
"use strict";
const path = require("path");
const readline = require("readline");

const modules = path.join(process.argv[2], "node_modules");
const home = path.join(modules, "@salesforce", "soql-common", "lib", "soql-parser");
const { CommonTokenStream } = require(path.join(modules, "antlr4ts"));
const { SoqlLexer } = require(path.join(home, "generated", "SoqlLexer"));
const { SoqlParser } = require(path.join(home, "generated", "SoqlParser"));
const { ParserHelper } = require(path.join(home, "parserHelper"));
const { LowerCasingCharStream } = require(path.join(home, "soql-parser"));

const API = { apex: false, version: 60, currencies: true };

function verdict(text) {
  const errors = [];
  const listener = {
    syntaxError: (_recognizer, _symbol, line, column, message) => errors.push({ line, column, message }),
  };
  const lexer = new SoqlLexer(new LowerCasingCharStream(text));
  const parser = new SoqlParser(new CommonTokenStream(lexer));
  for (const each of [lexer, parser]) {
    each.removeErrorListeners();
    each.addErrorListener(listener);
  }
  parser.helper = new ParserHelper(API.apex, API.version, API.currencies);
  parser.soqlQuery();
  return errors.length === 0 ? { ok: true } : { ok: false, ...errors[0] };
}

readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(JSON.stringify(verdict(JSON.parse(line))) + "\n"));
