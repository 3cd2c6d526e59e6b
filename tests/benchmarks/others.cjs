// Times docxtemplater and carbone on the templates of a folder: node others.cjs FOLDER RUNS → JSON, milliseconds.
// Each run is what the library's own guide does for one document: from the template's file to the bytes of the .docx.
const fs = require("node:fs");
const path = require("node:path");
const { performance } = require("node:perf_hooks");
const carbone = require("carbone");
const Docxtemplater = require("docxtemplater");
const PizZip = require("pizzip");

const [folder, runs] = [process.argv[2], Number(process.argv[3])];
const data = JSON.parse(fs.readFileSync(path.join(folder, "data.json"), "utf8"));
const template = (name) => path.join(folder, `${name}.docx`);

function docxtemplater() {
  const made = new Docxtemplater(new PizZip(fs.readFileSync(template("docxtemplater"))), { paragraphLoop: true });
  made.render(data);
  return Promise.resolve(made.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" }));
}

function withCarbone() {
  return new Promise((resolve, reject) => {
    carbone.render(template("carbone"), data, (error, made) => (error ? reject(error) : resolve(made)));
  });
}

async function median(name, work) {
  fs.writeFileSync(path.join(folder, `${name}-made.docx`), await work()); // warms up, too
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)];
}

(async () => {
  const times = { docxtemplater: await median("docxtemplater", docxtemplater), carbone: await median("carbone", withCarbone) };
  console.log(JSON.stringify(times));
  process.exit(0); // carbone keeps its own processes waiting
})();
