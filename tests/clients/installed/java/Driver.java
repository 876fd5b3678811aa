// force-wsc with the partner API, told what to do by lines on standard input: [word, ...arguments] in, {value} or {failed} out.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sforce.soap.partner.Address;
import com.sforce.soap.partner.Connector;
import com.sforce.soap.partner.DeleteResult;
import com.sforce.soap.partner.Error;
import com.sforce.soap.partner.Field;
import com.sforce.soap.partner.FieldType;
import com.sforce.soap.partner.LimitInfo;
import com.sforce.soap.partner.LoginResult;
import com.sforce.soap.partner.PartnerConnection;
import com.sforce.soap.partner.QueryResult;
import com.sforce.soap.partner.SaveResult;
import com.sforce.soap.partner.UpsertResult;
import com.sforce.soap.partner.fault.ApiFault;
import com.sforce.soap.partner.fault.ApiQueryFault;
import com.sforce.soap.partner.sobject.SObject;
import com.sforce.ws.ConnectionException;
import com.sforce.ws.ConnectorConfig;
import com.sforce.ws.SessionRenewer;
import com.sforce.ws.bind.XmlObject;
import com.sforce.ws.bind.XmlObjectWrapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.namespace.QName;

public final class Driver {
  private static final String VERSION = "64.0";
  private static final int PAGE = 2000;

  private PartnerConnection connection;

  /** What a result says in the place of an exception. */
  private static final class Refused extends Exception {
    final Map<String, Object> told;

    Refused(Map<String, Object> told) {
      this.told = told;
    }
  }

  public static void main(String[] arguments) throws Exception {
    ObjectMapper json = new ObjectMapper();
    BufferedReader asks = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Driver driver = new Driver();
    for (String line = asks.readLine(); line != null; line = asks.readLine()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      try {
        answer.put("value", driver.call(json.readTree(line)));
      } catch (Refused refused) {
        answer.put("failed", refused.told);
      } catch (Exception error) {
        answer.put("failed", told(error));
      }
      answers.println(json.writeValueAsString(answer));
    }
  }

  private Object call(JsonNode asked) throws Exception {
    switch (asked.get(0).asText()) {
      case "login":
        return login(asked.get(1).asText(), asked.get(2));
      case "create":
        return create(record(asked.get(1).asText(), asked.get(2)));
      case "read":
        return read(asked.get(1).asText(), asked.get(2).asText());
      case "update":
        SObject changed = record(asked.get(1).asText(), asked.get(3));
        changed.setId(asked.get(2).asText());
        return check(connection.update(new SObject[] {changed})[0]);
      case "delete":
        DeleteResult deleted = connection.delete(new String[] {asked.get(2).asText()})[0];
        return check(deleted.isSuccess(), deleted.getErrors(), deleted.getId());
      case "upsert":
        return upsert(asked.get(1).asText(), asked.get(2).asText(), asked.get(3).asText(), asked.get(4));
      case "query":
        return names(asked.get(1).asText());
      case "describe":
        return Arrays.stream(connection.describeSObject(asked.get(1).asText()).getFields())
            .map(Field::getName)
            .collect(Collectors.toList());
      case "tree":
        return tree(connection.query(asked.get(1).asText()).getRecords()[0]);
      case "limits":
        return limits();
      default:
        throw new IllegalArgumentException(asked.get(0).asText());
    }
  }

  private Object login(String flow, JsonNode facts) throws ConnectionException {
    String endpoint = facts.get("instance_url").asText() + "/services/Soap/u/" + VERSION;
    ConnectorConfig config = reaching(endpoint);
    config.setValidateSchema(true);
    if (flow.equals("access token")) {
      config.setManualLogin(true);
      config.setServiceEndpoint(endpoint);
      config.setSessionId(facts.get("access_token").asText());
      connection = Connector.newConnection(config);
    } else {
      config.setAuthEndpoint(endpoint);
      config.setUsername(facts.get("username").asText());
      config.setPassword(facts.get("password").asText() + facts.get("security_token").asText());
      config.setSessionRenewer(Driver::renew);
      connection = Connector.newConnection(config);
    }
    connection.setQueryOptions(PAGE);
    return null;
  }

  /** What the client's documentation tells users to write: log in anew, and give the header of the new session. */
  /** It does not look at Java's own proxy: whoever has one has to say so. */
  private static ConnectorConfig reaching(String endpoint) {
    ConnectorConfig config = new ConnectorConfig();
    if (endpoint.contains(".salesforce.com/")) {
      config.setProxy(System.getProperty("https.proxyHost"), Integer.getInteger("https.proxyPort"));
    }
    return config;
  }

  private static SessionRenewer.SessionRenewalHeader renew(ConnectorConfig old) throws ConnectionException {
    ConnectorConfig config = reaching(old.getAuthEndpoint());
    config.setManualLogin(true);
    config.setAuthEndpoint(old.getAuthEndpoint());
    config.setServiceEndpoint(old.getAuthEndpoint());
    LoginResult result = new PartnerConnection(config).login(old.getUsername(), old.getPassword());
    old.setSessionId(result.getSessionId());
    SessionRenewer.SessionRenewalHeader header = new SessionRenewer.SessionRenewalHeader();
    header.name = new QName("urn:partner.soap.sforce.com", "SessionHeader");
    com.sforce.soap.partner.SessionHeader_element session = new com.sforce.soap.partner.SessionHeader_element();
    session.setSessionId(result.getSessionId());
    header.headerElement = session;
    return header;
  }

  private static SObject record(String type, JsonNode fields) {
    SObject made = new SObject(type);
    fields.fields().forEachRemaining(each -> made.setField(each.getKey(), value(each.getValue())));
    return made;
  }

  private static Object value(JsonNode value) {
    return value.isInt() ? (Object) value.asInt() : value.asText();
  }

  private Object create(SObject record) throws Exception {
    return check(connection.create(new SObject[] {record})[0]);
  }

  /** All fields, as their describe says: the records of the partner API are text. */
  private Object read(String type, String id) throws Exception {
    Map<String, FieldType> types = new LinkedHashMap<>();
    for (Field each : connection.describeSObject(type).getFields()) {
      types.put(each.getName(), each.getType());
    }
    SObject found = connection.retrieve(String.join(",", types.keySet()), type, new String[] {id})[0];
    if (found == null) {
      throw new Refused(Map.of("type", "null", "message", "retrieve() gave null"));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    types.forEach((name, kind) -> fields.put(name, typed(kind, found.getField(name))));
    return fields;
  }

  private static Object typed(FieldType kind, Object value) {
    return value == null ? null : kind == FieldType._int ? Integer.valueOf(value.toString()) : value.toString();
  }

  private Object upsert(String type, String key, String value, JsonNode fields) throws Exception {
    SObject record = record(type, fields);
    record.setField(key, value);
    UpsertResult result = connection.upsert(key, new SObject[] {record})[0];
    return check(result.isSuccess(), result.getErrors(), result.getId());
  }

  private List<String> names(String soql) throws ConnectionException {
    List<String> found = new ArrayList<>();
    QueryResult page = connection.query(soql);
    while (true) {
      for (SObject each : page.getRecords()) {
        found.add((String) each.getField("Name"));
      }
      if (page.isDone()) {
        return found;
      }
      page = connection.queryMore(page.getQueryLocator());
    }
  }

  /** A record with all that stands inside of it, as the client reads it. */
  private static Map<String, Object> tree(XmlObject record) {
    Map<String, Object> found = new LinkedHashMap<>();
    record.getChildren().forEachRemaining(
        each -> {
          String name = each.getName().getLocalPart();
          if (!name.equals("type")) {
            found.put(name, each.hasChildren() && !(each instanceof XmlObjectWrapper) ? tree(each) : plain(each));
          }
        });
    return found;
  }

  private static Object plain(XmlObject each) {
    Object value = each instanceof XmlObjectWrapper ? ((XmlObjectWrapper) each).asTyped() : each.getValue();
    if (value instanceof Address) {
      Address address = (Address) value;
      return value.getClass().getName() + ": " + address.getCity() + " at " + address.getLatitude();
    }
    return value;
  }

  private Map<String, Object> limits() throws ConnectionException {
    connection.getServerTimestamp();
    LimitInfo info = connection.getLimitInfoHeader().getLimitInfo()[0];
    return Map.of("Max", info.getLimit(), "Remaining", info.getLimit() - info.getCurrent());
  }

  private static Object check(SaveResult result) throws Refused {
    return check(result.isSuccess(), result.getErrors(), result.getId());
  }

  private static Object check(boolean success, Error[] errors, String id) throws Refused {
    if (success) {
      return id;
    }
    Error first = errors[0];
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("type", first.getClass().getName());
    told.put("statusCode", first.getStatusCode().toString());
    told.put("message", first.getMessage());
    told.put("fields", first.getFields());
    throw new Refused(told);
  }

  private static Map<String, Object> told(Exception error) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("type", error.getClass().getName());
    told.put("message", error.getMessage());
    if (error instanceof ApiFault) {
      ApiFault fault = (ApiFault) error;
      told.put("faultCode", String.valueOf(fault.getFaultCode()));
      told.put("exceptionCode", String.valueOf(fault.getExceptionCode()));
      told.put("exceptionMessage", fault.getExceptionMessage());
    }
    if (error instanceof ApiQueryFault) {
      told.put("row", ((ApiQueryFault) error).getRow());
      told.put("column", ((ApiQueryFault) error).getColumn());
    }
    return told;
  }
}
