export const run = () => console.log(process.cwd());
