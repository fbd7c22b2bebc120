import com.databend.jdbc.FileTransferAPI;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/**
 * Does with databend-jdbc what its documentation does with stages: Stages.java <host:port> <user> <password>. Anybody but root finds the
 * stages of scripts/lib/clients-people.mjs, and may do with them what was granted.
 */
public class Stages {
  private static final byte[] TEXT = "1,one\n2,zwei\n".getBytes(StandardCharsets.UTF_8);

  private final String url;
  private final String user;
  private final String password;

  Stages(String host, String user, String password) {
    this.url = "jdbc:databend://" + host + "/default";
    this.user = user;
    this.password = password;
  }

  public static void main(String[] args) throws Exception {
    new Stages(args[0], args[1], args[2]).run();
  }

  private Connection connect(String... pairs) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    for (int i = 0; i < pairs.length; i += 2) properties.setProperty(pairs[i], pairs[i + 1]);
    return DriverManager.getConnection(url, properties);
  }

  private void run() throws Exception {
    try (Connection connection = connect("use_verify", "true")) {
      check("the version is Databend's", product(connection).startsWith("Databend Query v"), true);
      check("the user", connection.getMetaData().getUserName(), "'" + user + "'@'%'");
      stages(connection);
      uploads(connection);
      metadata(connection);
      errors(connection);
      execute(connection, "DROP STAGE java_stage");
      check("DROP STAGE", names(connection, "SHOW STAGES LIKE 'java_stage'"), List.of());
      if (!user.equals("root")) grants(connection);
    }
    refused();
  }

  private void grants(Connection connection) throws Exception {
    check("only what is granted is shown", names(connection, "SHOW STAGES"), List.of("readable"));
    check("LIST of a readable stage", names(connection, "LIST @readable"), List.of("seen.csv"));
    check("downloadStream of it", download(connection, "readable", "seen.csv"), new String(TEXT, StandardCharsets.UTF_8));
    fails(connection, "PRESIGN UPLOAD @readable/new.csv", "1063");
    fails(connection, "REMOVE @readable", "1063");
    fails(connection, "DROP STAGE readable", "1063");
    fails(connection, "LIST @hidden", "2501");
    fails(connection, "CREATE USER eve IDENTIFIED BY 'of nobody'", "1063");
    for (String isDisabled : List.of("false", "true")) {
      try (Connection uploading = connect("presigned_url_disabled", isDisabled)) {
        upload(uploading, "readable", "new", "a.csv");
        throw new AssertionError("an upload into a readable stage should fail");
      } catch (SQLException | RuntimeException refused) {
        System.out.println("ok: an upload is refused, presigned_url_disabled=" + isDisabled);
      }
    }
    check("nothing was uploaded", names(connection, "LIST @readable"), List.of("seen.csv"));
  }

  private static String product(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseProductVersion();
  }

  private void stages(Connection connection) throws SQLException {
    execute(connection, "CREATE OR REPLACE STAGE java_stage");
    check("SHOW STAGES", names(connection, "SHOW STAGES LIKE 'java_stage'"), List.of("java_stage"));
    check("DESC STAGE", names(connection, "DESC STAGE java_stage"), List.of("java_stage"));
  }

  private void uploads(Connection connection) throws Exception {
    upload(connection, "java_stage", "presigned", "a.csv");
    try (Connection direct = connect("presigned_url_disabled", "true")) {
      upload(direct, "java_stage", "by api", "b c.csv");
      upload(direct, null, "java", "d.csv");
      for (int i = 0; i < 25; i++) upload(direct, "java_stage", "many", String.format("%02d", i));
    }
    check("uploadStream", names(connection, "LIST @java_stage/presigned/"), List.of("presigned/a.csv"));
    check("uploadStream without presign", names(connection, "LIST @java_stage/by"), List.of("by api/b c.csv"));
    check("uploadStream to the user's own stage", names(connection, "LIST @~/java/"), List.of("java/d.csv"));
    check("LIST with a PATTERN", names(connection, "LIST @java_stage PATTERN = '.*a[.]csv'"), List.of("presigned/a.csv"));
    check("downloadStream", download(connection, "java_stage", "presigned/a.csv"), new String(TEXT, StandardCharsets.UTF_8));
    check("downloadStream of a name with spaces", download(connection, "java_stage", "by api/b c.csv"), new String(TEXT, StandardCharsets.UTF_8));
    try (Connection paged = connect("max_rows_per_page", "10")) {
      check("LIST by pages", names(paged, "LIST @java_stage/many/").size(), 25);
    }
    execute(connection, "REMOVE @java_stage/many/");
    execute(connection, "REMOVE @~/java/");
    check("REMOVE", names(connection, "LIST @java_stage/many/"), List.of());
  }

  private static void metadata(Connection connection) throws SQLException {
    count("getCatalogs", connection.getMetaData().getCatalogs());
    count("getSchemas", connection.getMetaData().getSchemas());
    count("getTables", connection.getMetaData().getTables(null, "default", "%", null));
    count("getColumns", connection.getMetaData().getColumns(null, "default", "%", "%"));
    count("getPrimaryKeys", connection.getMetaData().getPrimaryKeys(null, null, "t"));
    count("getTypeInfo", connection.getMetaData().getTypeInfo());
    connection.setAutoCommit(false);
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void errors(Connection connection) throws Exception {
    fails(connection, "LIST @nowhere", "2501");
    fails(connection, "CREATE STAGE java_stage", "2502");
    fails(connection, "creat stage x", "1005");
    fails(connection, "CREATE TABLE t (a INT)", "stage");
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
      insert.setInt(1, 1);
      insert.setString(2, "one");
      insert.addBatch();
      insert.executeBatch();
      throw new AssertionError("a batch needs a table, and there is none");
    } catch (SQLException refused) {
      check("a batch goes as far as the stage", refused.getMessage().contains("stage"), true);
    }
  }

  private void refused() {
    try (Connection connection = new Stages(url.split("/")[2], user, password + "x").connect()) {
      throw new AssertionError("a wrong password came in");
    } catch (SQLException | RuntimeException refused) {
      check("a wrong password is refused", String.valueOf(refused.getMessage()).contains("5100"), true);
    }
  }

  private static void upload(Connection connection, String stage, String prefix, String name) throws SQLException {
    FileTransferAPI api = connection.unwrap(FileTransferAPI.class);
    api.uploadStream(stage, prefix, new ByteArrayInputStream(TEXT), name, TEXT.length, false);
  }

  private static String download(Connection connection, String stage, String path) throws Exception {
    FileTransferAPI api = connection.unwrap(FileTransferAPI.class);
    return new String(api.downloadStream(stage, path, false).readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> names(Connection connection, String sql) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) names.add(rows.getString("name"));
    }
    return names;
  }

  private static void count(String what, ResultSet rows) throws SQLException {
    int count = 0;
    while (rows.next()) count++;
    System.out.println("ok: " + what + ": " + count + " rows, " + rows.getMetaData().getColumnCount() + " columns");
  }

  private static void fails(Connection connection, String sql, String text) {
    try {
      execute(connection, sql);
    } catch (SQLException error) {
      check(sql + " is refused with " + text, error.getMessage().contains(text), true);
      return;
    }
    throw new AssertionError(sql + " should fail");
  }

  private static void check(String what, Object got, Object want) {
    if (!Objects.equals(got, want)) throw new AssertionError(what + ": got " + got + ", want " + want);
    System.out.println("ok: " + what);
  }
}
