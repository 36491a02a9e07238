import java.sql.*;
import java.util.*;

/** What Metabase and Tableau do when they are pointed at a database, with pgjdbc, unmodified. */
class Session {
    public static void main(String[] args) throws SQLException {
        String url = "jdbc:postgresql://localhost:" + args[0]
            + "/rapport?user=ada&password=secret&sslmode=verify-full&sslrootcert=" + args[1];
        try (Connection connection = DriverManager.getConnection(url)) {
            DatabaseMetaData about = connection.getMetaData();
            System.out.println(about.getDriverName() + " " + about.getDriverVersion());
            Set<String> tables = new TreeSet<>();
            try (ResultSet rows = about.getTables(null, "public", "%", new String[] {"TABLE"})) {
                while (rows.next()) tables.add(rows.getString("TABLE_NAME"));
            }
            check(tables.contains("events") && tables.contains("customers"), "tables " + tables);
            Map<String, String> columns = new TreeMap<>();
            try (ResultSet rows = about.getColumns(null, "public", "events", "%")) {
                while (rows.next()) columns.put(rows.getString("COLUMN_NAME"), rows.getString("TYPE_NAME"));
            }
            check("int8".equals(columns.get("customer_id")), "columns " + columns);
            check("timestamptz".equals(columns.get("occurred_at")), "columns " + columns);
            try (ResultSet rows = about.getSchemas()) {
                boolean found = false;
                while (rows.next()) found |= "public".equals(rows.getString("TABLE_SCHEM"));
                check(found, "schemas");
            }
            try (ResultSet keys = about.getPrimaryKeys(null, "public", "events")) {
                check(!keys.next(), "primary keys");
            }
            try (Statement statement = connection.createStatement();
                 ResultSet rows = statement.executeQuery("SELECT count(*) FROM events")) {
                check(rows.next() && rows.getLong(1) == Long.parseLong(args[2]), "events");
            }
            String sql = "SELECT name, revenue, is_known, first_seen, phone FROM customers WHERE customer_id = ?";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                // From the fifth time on the driver asks for another format.
                for (int time = 0; time < 8; time++) {
                    statement.setLong(1, 8);
                    try (ResultSet rows = statement.executeQuery()) {
                        check(rows.next() && "n8".equals(rows.getString(1)), "name");
                        check(rows.getDouble(2) == 4.0 && rows.getBoolean(3), "revenue");
                        check(rows.getTimestamp(4).toInstant().toString().equals("2026-01-01T00:00:00Z"), "time");
                        check(rows.getString(5) == null, "phone");
                    }
                }
            }
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(50);
                int n = 0;
                try (ResultSet rows = statement.executeQuery("SELECT customer_id FROM customers")) {
                    while (rows.next()) n++;
                }
                check(n == 500, "fetched " + n);
            }
            connection.commit();
        }
        System.out.println("done");
    }

    static void check(boolean holds, String what) {
        if (!holds) throw new IllegalStateException(what);
    }
}
