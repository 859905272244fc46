module heddle/goroutines

go 1.19
