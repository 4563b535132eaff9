package calls

// Blocks are options with blocks of so many bytes, to try rows at every place of one.
func Blocks(size, workers int) Options { return Options{Workers: workers, block: size} }
