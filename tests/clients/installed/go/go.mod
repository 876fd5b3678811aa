module sfmock-clients

go 1.22

require github.com/simpleforce/simpleforce v0.0.0-20220429021116-acf4ac67ef68

require github.com/pkg/errors v0.9.1 // indirect
