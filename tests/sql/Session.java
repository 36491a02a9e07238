import java.sql.*;
import java.util.*;

/** What Metabase and Tableau do when they are pointed at a database, with pgjdbc, unmodified. */
class Session {
    public static void main(String[] args) throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + args[0] + "/rapport";
        long nEvents = Long.parseLong(args[3]);
        try (Connection connection = DriverManager.getConnection(url, args[1], args[2])) {
            DatabaseMetaData about = connection.getMetaData();
            System.out.println(about.getDriverName() + " " + about.getDriverVersion());
            Set<String> tables = new TreeSet<>();
            try (ResultSet rows = about.getTables(null, "public", "%", new String[] {"TABLE"})) {
                while (rows.next()) tables.add(rows.getString("TABLE_NAME"));
            }
            check(tables.containsAll(List.of("events", "customers", "holdings", "sources")), "" + tables);
            Map<String, String> columns = new TreeMap<>();
            try (ResultSet rows = about.getColumns(null, "public", "events", "%")) {
                while (rows.next()) columns.put(rows.getString("COLUMN_NAME"), rows.getString("TYPE_NAME"));
            }
            check("int8".equals(columns.get("customer_id")), "columns " + columns);
            check("timestamptz".equals(columns.get("occurred_at")), "columns " + columns);
            try (ResultSet keys = about.getPrimaryKeys(null, "public", "events")) {
                check(!keys.next(), "primary keys");
            }
            try (Statement statement = connection.createStatement();
                 ResultSet rows = statement.executeQuery("SELECT count(*) FROM events")) {
                check(rows.next() && rows.getLong(1) == nEvents, "events");
            }
            String sql = "SELECT name, revenue, is_known, phone FROM customers WHERE email = ?";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                // From the fifth time on the driver asks for another format.
                for (int time = 0; time < 8; time++) {
                    statement.setString(1, "buyer1@example.com");
                    try (ResultSet rows = statement.executeQuery()) {
                        check(rows.next() && "Buyer 1".equals(rows.getString(1)), "name");
                        check(rows.getDouble(2) == 20.5 && rows.getBoolean(3), "revenue");
                        check(rows.getString(4) == null, "phone");
                    }
                }
            }
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(5);
                long n = 0;
                try (ResultSet rows = statement.executeQuery("SELECT event_id FROM events")) {
                    while (rows.next()) n++;
                }
                check(n == nEvents, "fetched " + n);
            }
            connection.commit();
        }
        System.out.println("done");
    }

    static void check(boolean holds, String what) {
        if (!holds) throw new IllegalStateException(what);
    }
}
