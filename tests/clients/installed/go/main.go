// simpleforce, told what to do by lines on standard input: [word, ...arguments] in, {value} or {failed} out.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/simpleforce/simpleforce"
)

// simpleforce gives nil in the place of most errors: what it knows of them it prints.
var errNil = errors.New("nil")

var client *simpleforce.Client

func login(flow string, told map[string]string) error {
	switch flow {
	case "username and password (SOAP)":
		client = simpleforce.NewClient(told["login_url"], simpleforce.DefaultClientID, "60.0")
		return client.LoginPassword(told["username"], told["password"], told["security_token"])
	case "access token":
		client = simpleforce.NewClient(told["instance_url"], simpleforce.DefaultClientID, "60.0")
		client.SetSidLoc(told["access_token"], told["instance_url"])
		return nil
	}
	return fmt.Errorf("no flow %q", flow)
}

func record(sobject string, id string, fields map[string]any) *simpleforce.SObject {
	made := client.SObject(sobject)
	if id != "" {
		made.Set("Id", id)
	}
	for name, value := range fields {
		made.Set(name, value)
	}
	return made
}

func names(soql string) ([]string, error) {
	found := []string{}
	for soql != "" {
		page, err := client.Query(soql)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Records {
			found = append(found, row.StringField("Name"))
		}
		soql = page.NextRecordsURL
	}
	return found, nil
}

func limits() (any, error) {
	answered, err := client.ApexREST("GET", "services/data/v60.0/limits", nil)
	if err != nil {
		return nil, err
	}
	var all map[string]any
	err = json.Unmarshal(answered, &all)
	return all["DailyApiRequests"], err
}

func describe(sobject string) (any, error) {
	described := client.SObject(sobject).Describe()
	if described == nil {
		return nil, errNil
	}
	found := []any{}
	for _, field := range (*described)["fields"].([]any) {
		found = append(found, field.(map[string]any)["name"])
	}
	return found, nil
}

func do(word string, given []json.RawMessage) (any, error) {
	text := func(n int) (value string) { must(json.Unmarshal(given[n], &value)); return }
	fields := func(n int) (value map[string]any) { must(json.Unmarshal(given[n], &value)); return }
	switch word {
	case "login":
		var told map[string]string
		must(json.Unmarshal(given[1], &told))
		return nil, login(text(0), told)
	case "create":
		made := record(text(0), "", fields(1)).Create()
		if made == nil {
			return nil, errNil
		}
		return made.ID(), nil
	case "read":
		found := client.SObject(text(0)).Get(text(1))
		if found == nil {
			return nil, errNil
		}
		delete(*found, "__client__")
		return found, nil
	case "update":
		if record(text(0), text(1), fields(2)).Update() == nil {
			return nil, errNil
		}
		return nil, nil
	case "upsert":
		made := record(text(0), "", fields(3)).Set("ExternalIDField", text(1)).Set(text(1), text(2))
		if made.Upsert() == nil {
			return nil, errNil
		}
		return nil, nil
	case "delete":
		return nil, record(text(0), text(1), nil).Delete()
	case "query":
		return names(text(0))
	case "describe":
		return describe(text(0))
	case "limits":
		return limits()
	}
	return nil, fmt.Errorf("no word %q", word)
}

func told(err error) map[string]any {
	told := map[string]any{"type": reflect.TypeOf(err).String(), "message": err.Error()}
	var known simpleforce.SalesforceError
	if errors.As(err, &known) {
		told["httpCode"], told["errorCode"], told["errorMessage"] = known.HttpCode, known.ErrorCode, known.ErrorMessage
	}
	return told
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var given []json.RawMessage
		var word string
		must(json.Unmarshal(lines.Bytes(), &given))
		must(json.Unmarshal(given[0], &word))
		value, err := do(word, given[1:])
		if err != nil {
			must(answers.Encode(map[string]any{"failed": told(err)}))
		} else {
			must(answers.Encode(map[string]any{"value": value}))
		}
	}
}
