using System.Data;
using System.Reflection;

namespace ProfilesModule.Tests.Values;

/// <summary>A record of a reader whose columns can have any names and types, as those of some servers do.</summary>
public class RecordProxy : DispatchProxy
{
    private (string Name, string Type, object Value)[] _columns = [];

    public static IDataRecord Of(params (string Name, string Type, object Value)[] columns)
    {
        var record = Create<IDataRecord, RecordProxy>();
        ((RecordProxy)(object)record)._columns = columns;
        return record;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        "get_FieldCount" => _columns.Length,
        "GetName" => _columns[(int)args![0]!].Name,
        "GetDataTypeName" => _columns[(int)args![0]!].Type,
        "GetValue" => _columns[(int)args![0]!].Value,
        var other => throw new NotSupportedException(other),
    };
}
