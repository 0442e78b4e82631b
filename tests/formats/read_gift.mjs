// Reads a GIFT file with gift-pegjs, which runs in the browser editors of learning platforms, and prints it as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [folder, file] = process.argv.slice(2);
const gift = createRequire(`${folder}/`)("gift-pegjs");
console.log(JSON.stringify((gift.parse ?? gift.default.parse)(readFileSync(file, "utf8"))));
