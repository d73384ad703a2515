// Judges JSON documents by a JSON Schema (2020-12), with ajv:
//
//   node json_schema.js MODULES [--closed] SCHEMA FILE...
//
// --closed takes every object of the schema that names its properties as naming all of them: so that a
// key which is written and not described is found. Prints "FILE: where: what" per violation; the status
// is 1 when there was one.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");

const [modules, ...words] = process.argv.slice(2);
const from = createRequire(path.resolve(modules) + "/");
const Ajv = from("ajv/dist/2020").default;
const addFormats = from("ajv-formats").default;

function close(node) {
  if (Array.isArray(node)) return node.map(close);
  if (node === null || typeof node !== "object") return node;
  const copy = {};
  for (const [key, value] of Object.entries(node)) copy[key] = close(value);
  if (node.type === "object" && node.properties) copy.additionalProperties = false;
  return copy;
}

const closed = words[0] === "--closed";
const [schemaFile, ...files] = closed ? words.slice(1) : words;
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
const schema = closed ? close(read(schemaFile)) : read(schemaFile);
// Other people's schemas use words that strict mode does not know.
const ajv = new Ajv({ allErrors: true, strict: closed, allowUnionTypes: true });
addFormats(ajv);
const validate = ajv.compile(schema);
for (const file of files) {
  if (validate(read(file))) continue;
  process.exitCode = 1;
  for (const error of validate.errors)
    console.log(`${file}: ${error.instancePath || "/"}: ${error.message} ${JSON.stringify(error.params)}`);
}
