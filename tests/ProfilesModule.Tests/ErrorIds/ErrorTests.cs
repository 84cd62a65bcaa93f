using System.Management.Automation;
using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.ErrorIds;

/// <summary>Provokes every error of the module with each of its recommended actions, and holds docs/errors.md to what comes.</summary>
public sealed class ErrorTests : IClassFixture<ErrorTests.Session>, IDisposable
{
    private readonly Session _session;
    private readonly TemporaryFolder _folder = new();

    public ErrorTests(Session session)
    {
        _session = session;
        _session.Module.Run("Stop-UserProfileServer; Disconnect-UserProfileService").Succeeded();
    }

    /// <summary>An ErrorId, the number of its action from 0, and a script that leads to both.</summary>
    public static TheoryData<string, int, string> Cases => new()
    {
        { "NotConnected", 0, "Reload; Get-UserProfile" },
        { "NotConnected", 0, "Reload; Import-UserProfileCsv (File 'distinct_id')" },
        { "NotConnected", 1, "Serve; Stop-UserProfileServer; Get-UserProfile" },
        { "InvalidConnection", 0, "Connect-UserProfileService -Token t -Endpoint http://example.com" },
        { "QueryNotConfigured", 0, "Connect-UserProfileService -Token t; Get-UserProfile" },
        { "ProxyUnauthorized", 0, "Serve @{ Status = 407 }; Set-UserProfile x -Property @{ a = 1 }" },
        { "ProxyUnauthorized", 0, "Serve @{ Endpoint = 'Query'; Status = 407 }; Get-UserProfile" },

        { "NothingToSet", 0, "Serve; Set-UserProfile -DistinctId x" },
        { "IdentifierIsNull", 0, "Serve; Set-UserProfile $null -Property @{ a = 1 }" },
        { "IdentifierIsNull", 0, "Serve; Remove-GroupProfile $null -GroupKey company -Force" },
        { "OperationNotForGroups", 0, "Serve; Set-GroupProfile acme -GroupKey company -Increment @{ n = 1 }" },
        { "OperationNotForGroups", 1, "Serve; Set-GroupProfile acme -GroupKey company -Append @{ n = 1 }" },
        { "LocationIncomplete", 0, "Serve; Set-UserProfile x -Property @{ a = 1 } -Latitude 5" },
        { "ValueNotComparable", 0, "Serve; Get-UserProfile -PropertyEquals @{ a = @(1) }" },
        { "EmptyValueToRemove", 0, "Serve; Remove-UserProfile -PropertyEquals @{ a = $null } -Force" },
        { "JournalNeeded", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -Resume" },
        { "RandomIdentifierUnfit", 0, "Serve; Import-UserProfileCsv (File \"a`n1\") -RandomIdentifier -JournalPath \"$folder/j\"" },
        { "OptionNotForOperation", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -Operation Add -EmptyCell Null" },
        { "InvalidPropertyType", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -PropertyType @{ a = 'Integer' }" },
        { "InvalidPropertyMap", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -PropertyMap @{ a = '' }" },
        { "InvalidPattern", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -Property '[*'" },
        { "InvalidDateFormat", 0, "Serve; Import-UserProfileCsv (File 'distinct_id') -DateFormat dd.MM" },
        { "InvalidDelimiter", 0, "Serve; Export-UserProfileCsv \"$folder/a.csv\" -Delimiter ä" },
        { "InvalidDelimiter", 0, "Serve; Import-UserProfileCsv (File 'distinct_id') -Delimiter ä" },

        { "InvalidMapping", 0, "Serve; Import-UserProfileCsv (File 'distinct_id') -MappingPath (Mapping '{')" },
        { "InvalidMapping", 1, "Serve; Test-UserProfile (File 'distinct_id') -MappingPath (Mapping '{ \"strict\": true, \"strict\": true }')" },
        { "InvalidMapping", 2, "Serve; Set-UserProfile x -Property @{ a = 1 } -MappingPath (Mapping '{ \"Strict\": true }')" },
        { "InvalidMapping", 3, "Serve; Set-UserProfile x -Property @{ a = 1 } -MappingPath (Mapping '{ \"root\": \"a\" }')" },
        { "InvalidMapping", 4, "Serve; Set-UserProfile x -Property @{ a = 1 } -MappingPath (Mapping '{ \"strict\": 1 }')" },
        { "InvalidMapping", 4, "Serve; Set-UserProfile x -Property @{ a = 1 } -MappingPath (Mapping '{ \"timeZone\": \"x\" }')" },

        { "MissingIdentifier", 0, "Serve; [pscustomobject]@{ distinct_id = ''; a = 1 } | Set-UserProfile" },
        { "MissingIdentifier", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`n,1\")" },
        { "MissingIdentifier", 1, "Serve; [pscustomobject]@{ id = 'x'; a = 1 } | Set-UserProfile" },
        { "MissingIdentifier", 2, "Serve; [pscustomobject]@{ type = 'identify'; anonymousId = 'x'; traits = @{ a = 1 } } | Set-UserProfile" },
        { "MissingIdentifier", 2, "Serve; Import-UserProfileJson (Json '{ \"type\": \"identify\", \"anonymousId\": \"x\", \"traits\": {} }')" },
        { "MissingIdentifier", 3, "Serve; Import-UserProfileJson (Json \"{`\"id`\":1,`\"users`\":[{}]}`n{}\")" },
        { "InvalidIdentifier", 0, "Serve; Import-UserProfileJson (Json '{ \"distinct_id\": [] }')" },
        { "InvalidIdentifier", 1, "Serve; Import-UserProfileJson (Json '{ \"distinct_id\": \"x\", \"DistinctId\": \"y\" }')" },
        { "InvalidIdentifier", 0, "Serve; [pscustomobject]@{ distinct_id = @(1, 2); a = 1 } | Set-UserProfile" },
        { "InvalidIdentifier", 1, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$distinct_id' = 'y'; a = 1 } | Set-UserProfile" },
        { "InvalidIdentifier", 2, "Serve; [pscustomobject]@{ distinct_id = \"$([char]0xd83d)\"; a = 1 } | Set-UserProfile" },
        { "ProfileOfOtherKind", 0, "Serve; Set-UserProfile x -Property @{ a = 1 }; Get-UserProfile | Set-GroupProfile -GroupKey company" },
        { "UnsupportedObject", 0, "Serve; 42 | Set-UserProfile" },
        { "UnsupportedObject", 1, "Serve; $table = [Data.DataTable]::new(); [void]$table.Columns.Add('id'); $row = $table.Rows.Add('x'); $table.AcceptChanges(); $row.Delete(); $row | Set-UserProfile -IdentifierProperty id" },
        { "UnsupportedObject", 2, "Serve; @{ type = 'track'; userId = 'x' } | Set-UserProfile" },
        { "UnsupportedObject", 3, "Serve; Import-UserProfileJson (File \"{`\"distinct_id`\":1}`n{`\"`$distinct_id`\":1,`\"`$set`\":{},`\"`$add`\":{}}\")" },
        { "UnsupportedObject", 4, "Serve; Import-UserProfileJson (File \"{`\"distinct_id`\":1}`n{`\"`$distinct_id`\":1,`\"`$delete`\":`\"`\"}\")" },
        { "UnsupportedObject", 5, "Serve; Import-UserProfileJson (File \"{`\"distinct_id`\":1}`n{`\"`$distinct_id`\":1,`\"`$unset`\":[]}\")" },
        { "UnsupportedObject", 6, "Serve; Import-UserProfileJson (File \"{`\"distinct_id`\":1}`n{`\"`$distinct_id`\":1,`\"`$add`\":{}}\")" },
        { "UnsupportedObject", 7, "Serve; Import-UserProfileJson (File \"{`\"`$token`\":1,`\"`$distinct_id`\":1,`\"`$set`\":{}}`n{`\"`$token`\":2,`\"`$distinct_id`\":1,`\"`$set`\":{},`\"_errorId`\":`\"NotSent`\"}\")" },
        { "UnsupportedObject", 8, "Serve; Import-UserProfileJson (File \"{`\"`$distinct_id`\":1,`\"`$set`\":{}}`n{`\"distinct_id`\":1,`\"_errorId`\":`\"NotSent`\"}\")" },
        { "MalformedJson", 0, "Serve; Import-UserProfileJson (Json '{ broken')" },
        { "DuplicateProperty", 0, "Serve; Import-UserProfileJson (Json '{ \"distinct_id\": \"x\", \"a\": 1, \"a\": 2 }')" },
        { "DuplicateProperty", 0, "Serve; [pscustomobject]@{ userId = 'x'; traits = @{ email = 1; '$email' = 2 } } | Set-UserProfile" },
        { "UnsupportedValue", 0, "Serve; Import-UserProfileJson (Json '{ \"distinct_id\": \"x\", \"a\": \"\\ud83d\" }')" },
        { "UnsupportedValue", 2, "Serve; Import-UserProfileJson (Json '{ \"distinct_id\": \"x\", \"a\": \"many\" }') -Operation Add" },
        { "UnsupportedValue", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = [double]::NaN } | Set-UserProfile" },
        { "UnsupportedValue", 2, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,many\") -Operation Add" },
        { "UnsupportedValue", 3, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,many\") -PropertyType @{ a = 'Boolean' }" },
        { "UnsupportedValue", 6, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,many\") -PropertyType @{ a = 'Number' }" },
        { "UnsupportedValue", 4, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,NULL\") -PropertyType @{ a = 'Number' }" },
        { "UnsupportedValue", 5, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1672913472\") -PropertyType @{ a = 'Date' }" },
        { "UnsupportedValue", 1, "Serve; $row = [pscustomobject]@{ distinct_id = 'x' }; $row.psobject.Properties.Add([psscriptproperty]::new('a', { throw 'no' })); [pscustomobject]$row | Set-UserProfile" },
        { "FieldCountMismatch", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1,2\")" },
        { "MalformedQuotes", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,b`\"c\")" },
        { "MalformedQuotes", 1, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,=`\"007`\"\")" },
        { "MalformedQuotes", 2, "Serve; Import-UserProfileCsv (File \"distinct_id`ta`nx`tb\\n`\"c\") -Delimiter \"`t\"" },
        { "MalformedQuotes", 3, "Serve; Import-UserProfileCsv (File \"distinct_id`ta`nx`tb`\"c\") -Delimiter \"`t\"" },
        { "RowBehindQuote", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a,_line,_error,_errorId`nx,b,3,c,RowBehindQuote\")" },
        { "RowsInField", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,`\"b`ny,c`nz,d`\"\") -Strict" },
        { "RepeatedHeader", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`ndistinct_id,a\")" },
        { "ReportLine", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`n-----------,-\")" },
        { "RejectRowDamaged", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a,_line,_error,_errorId`nx,1,two,3,4\")" },
        { "InvalidEncoding", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,ü\" ([Text.Encoding]::Latin1))" },
        { "InvalidEncoding", 1, "Serve; Import-UserProfileJson (Json '{ \"distinct_id\": \"ü\" }' ([Text.Encoding]::Latin1))" },
        { "UpdateTooLarge", 0, "Serve; Set-UserProfile x -Property @{ a = 'x' * 1200000 }" },
        { "UpdateTooLarge", 0, "Serve @{ Status = 413 }; Import-UserProfileCsv (File \"distinct_id,a`nx,1\")" },

        { "PlaceholderIdentifier", 0, "Serve; [pscustomobject]@{ distinct_id = 'null'; a = 1 } | Set-UserProfile" },
        { "ScientificIdentifier", 0, "Serve; [pscustomobject]@{ distinct_id = '9.91214E+15'; a = 1 } | Set-UserProfile" },
        { "DamagedIdentifier", 0, "Serve; [pscustomobject]@{ distinct_id = \"x`0\"; a = 1 } | Set-UserProfile" },
        { "IdentifierWithBlanks", 0, "Serve; [pscustomobject]@{ distinct_id = 'x '; a = 1 } | Set-UserProfile -Strict" },
        { "IdentifierTooLong", 0, "Serve; [pscustomobject]@{ distinct_id = 'x' * 256; a = 1 } | Set-UserProfile -Strict" },
        { "RoundedIdentifier", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`n9912140000000000,1`n9912150000000000,1\") -Strict" },
        { "FloatIdentifier", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`n101.0,1`n102.0,1\") -Strict" },
        { "LabelRow", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nUser ID,A`nu1,x`nu2,y\") -Strict" },
        { "UnnamedColumn", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,`nx,1\") -Strict" },
        { "TooManyProperties", 0, "Serve; $row = @{ distinct_id = 'x' }; 1..2001 | ForEach-Object { $row[\"p$_\"] = 1 }; [pscustomobject]$row | Set-UserProfile" },
        { "ForbiddenName", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; bucket = 1 } | Set-UserProfile -Strict" },
        { "NameTooLong", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; ('a' * 256) = 1 } | Set-UserProfile" },
        { "NameWithBlanks", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; 'a ' = 1 } | Set-UserProfile -Strict" },
        { "RequestFieldName", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$ip' = 'x' } | Set-UserProfile -Strict" },
        { "ServiceKeptName", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$last_seen' = 'x' } | Set-UserProfile -Strict" },
        { "UnknownReservedName", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$mail' = 'x' } | Set-UserProfile -Strict" },
        { "UnreservedName", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; email = 'a@b.io' } | Set-UserProfile -Strict" },
        { "InvalidEmail", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$email' = 'x' } | Set-UserProfile -Strict" },
        { "PhoneWithoutCountryCode", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$phone' = '044 668 18 00' } | Set-UserProfile -Strict" },
        { "InvalidPhone", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$phone' = 'none' } | Set-UserProfile -Strict" },
        { "InvalidAvatar", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$avatar' = 'a.png' } | Set-UserProfile -Strict" },
        { "InvalidCreated", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$created' = 'today' } | Set-UserProfile -Strict" },
        { "InvalidCountryCode", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$country_code' = 'CHE' } | Set-UserProfile -Strict" },
        { "UnknownTimeZone", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; '$timezone' = 'CET+1' } | Set-UserProfile -Strict" },
        { "LostValue", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = 'System.Object[]' } | Set-UserProfile" },
        { "LostValue", 1, "Serve; [pscustomobject]@{ distinct_id = 'System.Object[]'; a = 1 } | Set-UserProfile" },
        { "NullText", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = 'NULL' } | Set-UserProfile -Strict" },
        { "DamagedText", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = \"a$([char]0x80)\" } | Set-UserProfile -Strict" },
        { "TextWithBlanks", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = ' a' } | Set-UserProfile -Strict" },
        { "ExtendedJsonValue", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = @{ '$oid' = '1' } } | Set-UserProfile" },
        { "DefaultDate", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = [datetime]::MinValue } | Set-UserProfile -Strict" },
        { "ProtectedCell", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = '=\"007\"' } | Set-UserProfile -Strict" },
        { "TextTooLong", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = 'x' * 256 } | Set-UserProfile -Strict" },
        { "ListTooLarge", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = ,'12345678' * 30000 } | Set-UserProfile -Strict" },
        { "ObjectTooLarge", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = @{ b = ,'12345678' * 30000 } } | Set-UserProfile -Strict" },
        { "TooManyKeys", 0, "Serve; $many = @{}; 1..256 | ForEach-Object { $many[\"k$_\"] = 1 }; [pscustomobject]@{ distinct_id = 'x'; a = $many } | Set-UserProfile -Strict" },
        { "NestedTooDeep", 0, "Serve; [pscustomobject]@{ distinct_id = 'x'; a = @{ b = @{ c = @{ d = @{ e = 1 } } } } } | Set-UserProfile -Strict" },

        { "UpdateRejected", 0, "Serve @{ Kind = 'StatusZero' }; Set-UserProfile x -Property @{ a = 1 }" },
        { "OutcomeUnknown", 0, "Serve @{ Kind = 'ResetAfter' }; Set-UserProfile x -Increment @{ a = 1 } -MaximumRetryCount 0" },
        { "DeliveryFailed", 0, "Serve @{ Status = 503 }; Set-UserProfile x -Property @{ a = 1 } -MaximumRetryCount 0" },
        { "RetriesExhausted", 0, "Serve @{ Status = 503 }; Remove-UserProfile x -Force -MaximumRetryCount 0" },
        { "RetriesExhausted", 0, "Serve @{ Status = 503 }; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -MaximumRetryCount 0" },
        { "EveryUpdateRejected", 0, "Serve @{ Kind = 'StatusZero' }; 1..20 | Remove-UserProfile -Force -BatchSize 1" },
        { "MaxFailureReached", 0, "Serve @{ Kind = 'StatusZero' }; 1..5 | Remove-UserProfile -Force -BatchSize 1 -MaxFailure 2" },
        { "MaxParseErrorsReached", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx`ny,2\") -MaxParseErrors 1" },
        { "TimeoutReached", 0, "Serve @{ Status = 503; RetryAfter = '00:10:00' }; Set-UserProfile x -Property @{ a = 1 } -TimeoutSec 1" },
        { "OutcomeNotWritable", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -JournalPath ([IO.Directory]::CreateDirectory(\"$folder/gone\").FullName + '/j') -Verbose 4>&1 | ForEach-Object { if ($_ -is [ProfilesModule.ImportResult]) { $_ } elseif ($_ -like 'Batch 1*') { [IO.Directory]::Delete(\"$folder/gone\", $true) } }" },
        { "ServiceUnauthorized", 0, "Serve @{ Status = 401 }; Set-UserProfile x -Property @{ a = 1 }" },
        { "ServiceForbidden", 0, "Serve @{ Status = 403 }; Set-UserProfile x -Property @{ a = 1 }" },
        { "ServiceNotFound", 0, "Serve @{ Status = 404 }; Set-UserProfile x -Property @{ a = 1 }" },
        { "NotTheService", 0, "Connect-UserProfileService -Token t -Endpoint $filter; Set-UserProfile x -Property @{ a = 1 }" },
        { "CertificateRefused", 0, "Connect-UserProfileService -Token t -Endpoint $untrusted; Set-UserProfile x -Property @{ a = 1 }" },
        { "ServiceRefused", 0, "Serve @{ Status = 410 }; Set-UserProfile x -Property @{ a = 1 }" },

        { "ImportFailed", 0, "$usual = [Net.Http.HttpClient]::DefaultProxy; [Net.Http.HttpClient]::DefaultProxy = $broken; try { Connect-UserProfileService -Token t -Endpoint https://service.invalid; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") } finally { [Net.Http.HttpClient]::DefaultProxy = $usual }" },
        { "ProfileNotFound", 0, "Serve; Get-UserProfile nobody" },
        { "EventNotReadable", 0, "Serve; 'login' | Join-UserProfile" },
        { "QueryRejected", 0, "Serve; Get-UserProfile -Where 'properties['" },
        { "QueryRejected", 0, "Serve; Get-UserProfile -CohortId 7" },
        { "QueryUnauthorized", 0, "Serve @{ Endpoint = 'Query'; Status = 401 }; Get-UserProfile" },
        { "QueryNotInPlan", 0, "Serve @{ Endpoint = 'Query'; Status = 402 }; Get-UserProfile" },
        { "QueryForbidden", 0, "Serve @{ Endpoint = 'Query'; Status = 403 }; Get-UserProfile" },
        { "QueryNotFound", 0, "Serve @{ Endpoint = 'Query'; Status = 404 }; Get-UserProfile" },
        { "QueryRateLimited", 0, "Serve @{ Endpoint = 'Query'; Status = 429 }; Get-UserProfile -MaximumRetryCount 0" },
        { "QueryRateLimited", 0, "Serve @{ Endpoint = 'Query'; Status = 429; RetryAfter = '00:01:00' }; Get-UserProfile -MaximumRetryCount 0" },
        { "QueryRefused", 0, "Serve @{ Endpoint = 'Query'; Status = 410 }; Get-UserProfile" },
        { "QueryIncomplete", 0, "Connect-UserProfileService -Token t -Endpoint $short; Get-UserProfile -MaximumRetryCount 0" },
        { "NotTheService", 0, "Connect-UserProfileService -Token t -Endpoint $filter; Get-UserProfile" },
        { "CertificateRefused", 0, "Connect-UserProfileService -Token t -Endpoint $untrusted; Get-UserProfile" },
        { "QueryFailed", 0, "Serve @{ Endpoint = 'Query'; Status = 503 }; Get-UserProfile -MaximumRetryCount 0" },
        { "QueryFailed", 0, "Serve @{ Endpoint = 'Query'; Kind = 'ResetBefore' }; Get-UserProfile -MaximumRetryCount 0" },

        { "PathNotFound", 0, "Serve; Export-UserProfileCsv \"$folder/none/a.csv\"" },
        { "PathNotFound", 0, "Serve; Import-UserProfileCsv \"$folder/none.csv\"" },
        { "NotAFile", 0, "Serve; Export-UserProfileCsv $folder" },
        { "NotAFile", 0, "Serve; Import-UserProfileCsv $folder" },
        { "PathAmbiguous", 0, "Serve; Export-UserProfileCsv \"$folder/*.none\"" },
        { "FileNotReadable", 1, "Serve; Import-UserProfileJson (Json '[ { ')" },
        { "RootNotFound", 0, "Serve; Import-UserProfileJson (Json '[]') -Root users" },
        { "RootNotFound", 1, "Serve; Import-UserProfileJson (Json '{ \"users\": [ { \"id\": \"x\" } ] }') -IdentifierProperty id" },
        { "RootNotFound", 2, "Serve; Import-UserProfileJson (Json '{ \"users\": [ {} ], \"teams\": [ {} ] }') -Root people" },
        { "FileNotReadable", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,`\"$('x' * 17825792)\")" },
        { "DatabaseParameters", 0, "Serve; Import-UserProfileQuery 'select 1'" },
        { "DatabaseParameters", 1, "Serve; Import-UserProfileQuery 'select 1 as distinct_id' -Provider Sqlite -ConnectionString 'Data Source=:memory:' -JournalPath \"$folder/j\"" },
        { "DatabaseParameters", 2, "Serve; Import-UserProfileQuery 'select 1 as distinct_id' -Provider Sqlite -ConnectionString 'Data Source=:memory:' -OrderedBy distinct_id -Operation Add -JournalPath \"$folder/j\"" },
        { "QueryNotOrdered", 0, "Serve; Import-UserProfileQuery 'select 1 as distinct_id' -Provider Sqlite -ConnectionString 'Data Source=:memory:' -OrderedBy id -JournalPath \"$folder/j\"" },
        { "QueryNotOrdered", 1, "Serve; Import-UserProfileQuery \"select 'x' as distinct_id\" -Provider Sqlite -ConnectionString 'Data Source=:memory:' -OrderedBy distinct_id -JournalPath \"$folder/j\"" },
        { "InvalidConnectionString", 0, "Serve; Import-UserProfileQuery 'select 1' -Provider Sqlite -ConnectionString 'Nonsense=1'" },
        { "DatabaseNotReachable", 0, "Serve; Import-UserProfileQuery 'select 1' -Provider Sqlite -ConnectionString \"Data Source=$folder/none.db;Mode=ReadOnly\"" },
        { "DatabaseQueryFailed", 0, "Serve; Import-UserProfileQuery 'selekt' -Provider Sqlite -ConnectionString 'Data Source=:memory:'" },
        { "UnnamedQueryColumn", 0, "Serve; Import-UserProfileQuery 'select 1 as \"\"' -Provider Sqlite -ConnectionString 'Data Source=:memory:'" },
        { "UnsendableColumnType", 0, "Serve; Import-UserProfileQuery \"create table t (a blob); insert into t values (x'00'); select 1 as distinct_id, a from t\" -Provider Sqlite -ConnectionString 'Data Source=:memory:'" },
        { "WrongFileFormat", 0, "Serve; Import-UserProfileCsv (File \"PK$([char]3)$([char]4)$('0' * 26)xl/workbook.xml\")" },
        { "WrongFileFormat", 1, "Serve; Import-UserProfileCsv (File '%PDF-1.7')" },
        { "WrongFileFormat", 2, "Serve; Import-UserProfileJson (File 'BZh91AY&SY')" },
        { "WrongFileFormat", 3, "Serve; Import-UserProfileCsv (File '{ \"distinct_id\": \"x\" }')" },
        { "WrongFileFormat", 4, "Serve; Import-UserProfileCsv (File 'distinct_id' ([Text.UnicodeEncoding]::new($false, $false)))" },
        { "WrongFileFormat", 5, "Serve; Import-UserProfileCsv (File \"sep=;`ndistinct_id;a`nx;1\")" },
        { "InvalidHeader", 0, "Serve; Import-UserProfileCsv (File '')" },
        { "InvalidHeader", 1, "Serve; Import-UserProfileCsv (File \"#TYPE System.Object`ndistinct_id,a`nx,1\")" },
        { "ColumnsDiffer", 0, "Serve; $other = (File \"y,2`nz,3\" -Rest .csv) + '.csv'; Import-UserProfileCsv (File \"distinct_id,a`nx,1\"), $other" },
        { "DataRowColumns", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,RowError,RowState,Table,ItemArray,HasErrors`nx,,Added,t,System.Object[],False\")" },
        { "IdentifierColumnNotFound", 0, "Serve; Import-UserProfileCsv (File \"user,a`nx,1\")" },
        { "IdentifierColumnNotFound", 1, "Serve; Import-UserProfileCsv (File \"distinct_id;a`nx;1\")" },
        { "ColumnNotFound", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -PropertyType @{ b = 'Text' }" },
        { "PropertyAmbiguous", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a,b`nx,1,2\") -PropertyMap @{ a = 'b' }" },
        { "IdentifierColumnAmbiguous", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,DistinctId`nx,y\")" },
        { "IdentifierColumnAmbiguous", 1, "Serve; Import-UserProfileCsv (File \"user_id,email`nx,a@b.io\")" },
        { "FileChanged", 0, "Serve; $file = File \"distinct_id,a`nx,1`n\"; Import-UserProfileCsv $file -Verbose 4>&1 | ForEach-Object { [IO.File]::AppendAllText($file, \"y,2`n\") }" },
        { "StandardInputNotAvailable", 0, "Serve; Import-UserProfileCsv -" },
        { "ReadOnlyOnce", 0, "Serve; Import-UserProfileCsv - -JournalPath \"$folder/j\"" },
        { "ReadOnlyOnce", 0, "Serve; Import-UserProfileCsv -Path - -Unique" },
        { "JournalUnfinished", 0, "Serve @{ Status = 401 }; $file = File \"distinct_id,a`nx,1\"; [void](Import-UserProfileCsv $file -JournalPath \"$folder/j\" -ErrorAction SilentlyContinue); Import-UserProfileCsv $file -JournalPath \"$folder/j\"" },
        { "JournalMismatch", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -JournalPath ((File 'no journal' -Rest .journal) + '.journal')" },
        { "JournalInUse", 0, "Serve; $held = [IO.FileStream]::new(\"$folder/j.lock\", 'OpenOrCreate', 'ReadWrite', 'None'); try { Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -JournalPath \"$folder/j\" -TimeoutSec 1 } finally { $held.Dispose() }" },
        { "RejectFileMismatch", 0, "Serve @{ Status = 401 }; $file = File \"distinct_id,a`nx,1\"; $paths = @{ JournalPath = \"$folder/j\"; RejectPath = \"$folder/r\" }; [void](Import-UserProfileCsv $file @paths -ErrorAction SilentlyContinue); [IO.File]::Delete(\"$folder/r\"); Import-UserProfileCsv $file @paths -Resume" },
        { "StateParameters", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -Full" },
        { "StateParameters", 0, "Serve; @{ distinct_id = 'x' } | Set-UserProfile -RemoveMissingProperty" },
        { "StateParameters", 1, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -StatePath \"$folder/s\" -JournalPath \"$folder/j\"" },
        { "StateParameters", 2, "Serve; Import-UserProfileCsv (File \"a`n1\") -StatePath \"$folder/s\" -RandomIdentifier" },
        { "StateParameters", 3, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -StatePath \"$folder/s\" -Operation Add" },
        { "StateParameters", 4, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -StatePath \"$folder/s\" -MaxStateAge 7" },
        { "StateNotUsable", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -StatePath ((File 'no state' -Rest .db) + '.db')" },
        { "StateNotUsable", 0, "Serve; $state = (File 'no state' -Rest .db) + '.db'; @{ distinct_id = 'x' } | Set-UserProfile -StatePath $state" },
        { "StateNotProven", 0, "$account = [pscredential]::new('account', (ConvertTo-SecureString secret -AsPlainText)); $server = Start-UserProfileServer -Fault @{ Endpoint = 'Query'; Status = 403 } -SkipConnect; Connect-UserProfileService -Token t -ServiceAccount $account -ProjectId 1 -Endpoint $server.Endpoint; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -StatePath \"$folder/s\"" },
        { "StateParameters", 5, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -StatePath \"$folder/s\" -BackupPath \"$folder/b.csv\"" },
        { "RemovalRefused", 0, "Serve; $file = File \"distinct_id,a`nx,1`ny,2\"; $use = @{ StatePath = \"$folder/s\"; Confirm = $false }; [void](Import-UserProfileCsv $file @use); Import-UserProfileCsv (File \"distinct_id,a`n\") @use -RemoveMissing" },
        { "RemovalRefused", 1, "Serve; $file = File \"distinct_id,a`nx,1`ny,2\"; $use = @{ StatePath = \"$folder/s\"; Confirm = $false }; [void](Import-UserProfileCsv $file @use); Import-UserProfileCsv (File \"distinct_id,a`nx,1\") @use -RemoveMissing" },
        { "RemovalRefused", 2, "Serve; $file = File \"distinct_id,a`nx,1`ny,2\"; $use = @{ StatePath = \"$folder/s\"; Confirm = $false }; [void](Import-UserProfileCsv $file @use); Import-UserProfileCsv (File \"distinct_id,a`nx,1\") @use -RemoveMissing -InferType" },
        { "RemovalIncomplete", 0, "Serve @{ Kind = 'StatusZero'; Every = 4; Endpoint = 'Ingestion' }; $file = File \"distinct_id,a`nx,1`ny,2\"; $use = @{ StatePath = \"$folder/s\"; Confirm = $false }; [void](Import-UserProfileCsv $file @use); Import-UserProfileCsv (File \"distinct_id,a`nx,1\") @use -RemoveMissing -MaxRemovePercent 100" },
        { "LogNotUsable", 0, "Get-UserProfileImport (File 'no log')" },
        { "LogNotUsable", 1, "Serve; [void](Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -LogPath \"$folder/log\"); Add-Content \"$folder/log\" '{'; Get-UserProfileImport \"$folder/log\"" },
        { "LogNotUsable", 2, "Get-UserProfileImport (File '')" },
        { "LogNotUsable", 3, "$log = File ''; $held = [IO.FileStream]::new($log, 'Open', 'ReadWrite', 'None'); try { Get-UserProfileImport $log } finally { $held.Dispose() }" },
        { "StateNotUsable", 0, "Get-UserProfileSync (File 'no state')" },
        { "ProfileNotInState", 0, "Serve; @{ distinct_id = 'x' } | Set-UserProfile -StatePath \"$folder/s\"; Get-UserProfileSync \"$folder/s\" nobody" },
        { "PathUsedTwice", 0, "Serve; $file = File \"distinct_id,a`nx,1\"; Import-UserProfileCsv $file -RejectPath $file" },
        { "PathUsedTwice", 0, "$file = File \"distinct_id,a`nx,1\"; Test-UserProfile $file -ReportPath $file" },
        { "InvalidPartition", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -PartitionCount 4" },
        { "InvalidPartition", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -LogPath \"$folder/{partition}.log\"" },
        { "InvalidPartition", 1, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -Partition 3" },
        { "InvalidPartition", 2, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -Partition 4 -PartitionCount 4" },
        { "InvalidPartition", 2, "Serve; [pscustomobject]@{ distinct_id = 'x' } | Set-UserProfile -Partition third -PartitionCount 4" },
        { "InvalidPartition", 3, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -Partition Auto -PartitionCount 4" },
        { "InvalidPartition", 4, "Serve; $env:AWS_BATCH_JOB_ARRAY_INDEX = '1'; $env:AWS_BATCH_JOB_ARRAY_SIZE = '2'; try { Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -Partition Auto -PartitionCount 4 } finally { $env:AWS_BATCH_JOB_ARRAY_INDEX = $env:AWS_BATCH_JOB_ARRAY_SIZE = $null }" },
        { "PartitionPathShared", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -Partition 3 -PartitionCount 4 -LogPath \"$folder/a.log\"" },
        { "RejectColumnsDiffer", 0, "Serve; $other = (File 'distinct_id,b' -Rest .csv) + '.csv'; Import-UserProfileCsv (File \"distinct_id,a`nx,1\"), $other -RejectPath \"$folder/r\"" },
        { "FileExists", 0, "Serve; Export-UserProfileCsv (File '') -NoClobber" },
        { "FileExists", 1, "New-UserProfileMapping (File \"distinct_id,a`nx,1\") -DestinationPath (Mapping '{}')" },
        { "FileReadOnly", 0, "Serve; $file = File ''; [IO.File]::SetAttributes($file, 'ReadOnly'); try { Export-UserProfileCsv $file } finally { [IO.File]::SetAttributes($file, 'Normal') }" },
        { "FileNotWritable", 0, "Serve; Export-UserProfileCsv \"$folder/$('x' * 245).csv\"" },
        { "FileReadOnly", 0, "$file = File ''; [IO.File]::SetAttributes($file, 'ReadOnly'); try { Test-UserProfile $file -ReportPath $file } finally { [IO.File]::SetAttributes($file, 'Normal') }" },
        { "FileNotWritable", 0, "Test-UserProfile (File \"distinct_id,a`nx,1\") -ReportPath \"$folder/$('x' * 245).html\"" },
        { "FileNotWritable", 0, "Serve; Import-UserProfileCsv (File \"distinct_id,a`nx,1\") -RejectPath \"$folder/none/r\"" },
        { "FileNotWritable", 1, "Serve; Set-UserProfile x -Property @{ a = 'Ж' }; Export-UserProfileCsv \"$folder/a.csv\" -Encoding latin1" },
        { "BackupExists", 0, "Serve; Remove-UserProfile x -BackupPath (File '') -Force" },
        { "BackupFormatUnknown", 0, "Serve; Remove-UserProfile x -BackupPath \"$folder/a.json\" -Force" },
        { "BackupLeftBehind", 0, "Serve; Remove-UserProfile x -BackupPath (File '' -Rest .unfinished.jsonl) -Force" },
        { "BackupFailed", 0, "Serve; Set-UserProfile x -Property @{ a = 1 }; [void][IO.Directory]::CreateDirectory(\"$folder/a.csv.unfinished.jsonl\"); Remove-UserProfile x -BackupPath \"$folder/a.csv\" -Force" },
        { "BackupNotFinished", 0, "Serve; Set-UserProfile x -Property @{ a = 1 }; Remove-UserProfile x -BackupPath \"$folder/a.csv\" -Force -PassThru | ForEach-Object { [void][IO.Directory]::CreateDirectory(\"$folder/a.csv\") }" },

        { "ServerNotStarted", 0, "$server = Start-UserProfileServer; Start-UserProfileServer -Port $server.Endpoint.Port" },
        { "ServerNotStarted", 0, "Start-UserProfileServer (File ('This is no database. ' * 200))" },
        { "InvalidServerOption", 0, "Start-UserProfileServer -Cohort @{ x = 'true' }" },
        { "InvalidServerOption", 0, "Start-UserProfileServer -GroupType @{ company = 'x' }" },
        { "InvalidServerOption", 0, "Start-UserProfileServer -Fault @{ Every = 1; First = 1 }" },
        { "ServerNotFound", 0, "Stop-UserProfileServer http://127.0.0.1:1/" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_error_is_what_its_row_of_the_page_says(string id, int action, string script)
    {
        var documented = ErrorsPage.Rows.Single(r => r.Id == id);
        var folder = Path.GetDirectoryName(_folder.File("x"))!;
        var result = _session.Module.Run(script, new { folder, filter = _session.Filter.Endpoint, untrusted = _session.Untrusted.Endpoint, @short = _session.Short.Endpoint, broken = new BrokenProxy() });
        var isImport = script.Contains("Import-", StringComparison.Ordinal);
        var ends = documented.EndsTheCommand && !isImport;
        var error = ends ? result.TerminatingError : result.Errors.First(e => e.FullyQualifiedErrorId.StartsWith(id + ",", StringComparison.Ordinal));

        Assert.StartsWith($"{id},ProfilesModule.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(documented.Category, error.CategoryInfo.Category.ToString());
        Assert.Matches(documented.Target is "the row" or "the rows" or "the line" or "the object" ? @"^(Object 1|users\.csv, line 2): ." : ".", error.ErrorDetails.Message);
        Assert.True(documented.Recommends(action, error.ErrorDetails.RecommendedAction), error.ErrorDetails.RecommendedAction);
        Assert.True(IsTarget(documented.Target, error.TargetObject, folder), $"{documented.Target}: {error.TargetObject}");
        if (isImport && documented.EndsTheCommand)
            Assert.Equal(id is "RetriesExhausted" or "TimeoutReached" ? 75 : 2, result.Value("ExitCode"));
    }

    [Fact]
    public void The_page_has_every_error_once()
    {
        var core = AppDomain.CurrentDomain.GetAssemblies().Single(a => a.GetName().Name == "ProfilesModule.Core");
        var ids = Enum.GetNames(core.GetType("ProfilesModule.Rules.ErrorId", throwOnError: true)!);
        Assert.Equal(ids.Order(StringComparer.Ordinal), ErrorsPage.Rows.Select(r => r.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_recommended_action_of_the_page_is_provoked()
    {
        var documented = ErrorsPage.Rows.SelectMany(r => r.Actions.Select((_, action) => $"{r.Id} {action}"));
        var provoked = Cases.Select(c => $"{c[0]} {c[1]}").Distinct();
        Assert.Equal(documented.Order(StringComparer.Ordinal), provoked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_says_when_each_error_occurs_and_what_follows() => Assert.All(ErrorsPage.Rows, row =>
    {
        Assert.EndsWith(".", row.When, StringComparison.Ordinal);
        Assert.True(row.EndsTheCommand || row.Then.StartsWith("continues", StringComparison.Ordinal), row.Then);
    });

    [Fact]
    public void Help_has_the_page_as_a_topic()
    {
        var topic = Assert.Single(_session.Module.Run("Get-Help about_ProfilesModule_Errors").Succeeded().Output).ToString();
        var words = string.Join(' ', topic.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(ErrorsPage.Rows, row => Assert.Contains(
            $"{row.Id} When: {row.When} Category: {row.Category} Target: {row.Target} Then: {row.Then} What to do: {string.Join(' ', row.Actions)}", words, StringComparison.Ordinal));
        Assert.All(topic.Split('\n'), line => Assert.InRange(line.TrimEnd('\r').Length, 0, 79));
    }

    private static bool IsTarget(string kind, object? target, string folder)
    {
        var plain = (target as PSObject)?.BaseObject ?? target;
        return kind switch
        {
            "none" => target is null,
            "the connection" => plain?.GetType().Name == "UserProfileConnection",
            "the row" => IsRow(target),
            "the rows" => plain is object[] { Length: > 0 } rows && rows.All(IsRow),
            "the row, or the line of a file" => IsTarget("the row", target, folder) || IsTarget("the line", target, folder),
            "the line" => target is PSObject line && line.Properties["Path"] is not null && line.Properties["Line"]?.Value is long and > 0 && line.Properties["Text"]?.Value is string,
            "the object" => plain is not null,
            "the parameter" => plain is string option && option.StartsWith('-'),
            "the table" => plain is System.Collections.IDictionary,
            "the property" => plain is "a",
            "the operation" => plain?.GetType().Name == "Operation",
            "the delimiter" => plain is 'ä',
            "the format" => plain is "dd.MM",
            "the pattern" => plain is "[*",
            "the query" => plain is "query",
            "the identifier" => plain is "nobody",
            "the address" => plain is Uri,
            "the path" => plain is "-" || plain is string path && path.StartsWith(folder, StringComparison.Ordinal),
            "the port or the path" => plain is int and > 0 || IsTarget("the path", target, folder),
            _ => false,
        };
    }

    /// <summary>An object of the pipeline, a row of a file, a profile that was named, or the identifier of one to remove.</summary>
    private static bool IsRow(object? target) => target switch
    {
        string id => id.Length > 0,
        PSObject { BaseObject: string id } => id.Length > 0,
        PSObject row => row.Properties["Line"] is null && row.Properties.Any(p => p.Name.Contains("id", StringComparison.OrdinalIgnoreCase)),
        System.Collections.IDictionary row => row.Keys.Cast<string>().Any(name => name.Contains("id", StringComparison.OrdinalIgnoreCase)),
        _ => target?.GetType().Name == "UserProfile",
    };

    /// <summary>A proxy that fails as nobody expects.</summary>
    private sealed class BrokenProxy : System.Net.IWebProxy
    {
        public System.Net.ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination) => throw new InvalidCastException("broken");

        public bool IsBypassed(Uri host) => throw new InvalidCastException("broken");
    }

    /// <summary>A session for all cases, each of which begins without a server and a connection.</summary>
    public sealed class Session : IDisposable
    {
        public Session() => Module.Run("""
            function Serve($Fault) { if ($Fault) { $null = Start-UserProfileServer -Fault $Fault } else { $null = Start-UserProfileServer } }
            function Reload { $manifest = "$((Get-Module ProfilesModule).ModuleBase)/ProfilesModule.psd1"; Remove-Module ProfilesModule; Import-Module $manifest -Global }
            function File($Text, $Encoding = [Text.UTF8Encoding]::new($false), $Rest) { $file = "$folder/users.csv"; [IO.File]::WriteAllText("$file$Rest", $Text, $Encoding); $file }
            function Mapping($Text) { (File $Text -Rest .mapping) + '.mapping' }
            function Json($Object, $Encoding = [Text.UTF8Encoding]::new($false)) { File "`n$Object" $Encoding }
            """).Succeeded();

        internal ModuleSession Module { get; } = new();

        /// <summary>Answers in the service's place, whatever it is asked.</summary>
        internal RawServer Filter { get; } = RawServer.Answering(_ => RawServer.Reply("403 Forbidden", "<html><title>Blocked</title></html>", "Content-Type: text/html"));

        /// <summary>Shows a certificate that nobody trusts.</summary>
        internal RawServer Untrusted { get; } = new(_ => Task.CompletedTask, TestCertificate.For("127.0.0.1"));

        /// <summary>Has fewer profiles than it counts.</summary>
        internal RawServer Short { get; } = RawServer.Answering(_ => RawServer.Reply("200 OK", """{"results":[],"total":5,"page_size":1000,"page":0,"session_id":"s","status":"ok"}"""));

        public void Dispose()
        {
            Short.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Module.Dispose();
            Filter.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Untrusted.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
