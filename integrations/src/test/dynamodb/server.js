// A server that keeps its tables in memory. Tells its port in a line of its own, and ends with its standard input.
const dynalite = require("dynalite");

const server = dynalite({createTableMs: 0, deleteTableMs: 0, updateTableMs: 0});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
