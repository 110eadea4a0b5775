// Stands in for k6/execution in the tests: which VU this is, set before each is begun.

const exec = { vu: { idInTest: 0 } };
export default exec;
