// A module of CommonJS, as a compiler writes it, whose export has the name default.
exports.default = async () => 'default';
