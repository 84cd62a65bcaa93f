namespace ProfilesModule.Sources;

/// <summary>The program that wrote a file. Each writes fields, quotes and missing values in its own way (docs/dialects.md).</summary>
public enum Dialect
{
    /// <summary>No program in particular: RFC 4180.</summary>
    Rfc4180,

    /// <summary>A spreadsheet: ="00123" and '00123 are texts that it must not convert.</summary>
    Excel,

    /// <summary>mysql --batch, mysqldump --tab, SELECT INTO OUTFILE.</summary>
    MySql,

    /// <summary>COPY TO of PostgreSQL in its text format.</summary>
    PostgreSqlCopy,

    /// <summary>COPY TO of PostgreSQL with FORMAT csv.</summary>
    PostgreSqlCsv,

    /// <summary>bcp out -c or -w of SQL Server.</summary>
    Bcp,

    /// <summary>sqlcmd -s -W of SQL Server.</summary>
    SqlCmd,

    /// <summary>COPY INTO of Snowflake with quotes around texts.</summary>
    Snowflake,

    /// <summary>An export of BigQuery.</summary>
    BigQuery,
}
