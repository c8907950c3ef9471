// `npm start`. Plain enough for a Node.js of any age, so that an old one hears what is needed instead of a syntax error.
const major = Number(process.versions.node.split('.')[0]);
if (major < 18) {
  console.error(`✗ Kedge needs Node.js 18 or newer to start, and this is ${process.version}`);
  process.exitCode = 1;
} else {
  import('./start-cluster.mjs').catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
