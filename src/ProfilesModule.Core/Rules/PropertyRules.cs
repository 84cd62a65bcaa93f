using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>The rules that one property of an input is held to, found out once for its name.</summary>
internal sealed class PropertyRules(string name, ErrorId? brokenByName, ReservedValue? reserved)
{
    private const int ShortText = 512;

    private Finding? _nameFinding;

    /// <summary>Those of a property.</summary>
    /// <param name="name">Its name.</param>
    public static PropertyRules Of(string name) => new(name, PropertyNames.BrokenBy(name), ReservedValues.Of(name));

    /// <summary>Whether more is asked of its values than their size.</summary>
    public bool IsReserved => reserved is not null;

    /// <summary>Checks the name.</summary>
    /// <param name="rules">Takes what is found.</param>
    /// <param name="isGiven">Whether the user gave the property this very name, and so knows of any that is like it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CheckName(RowRules rules, bool isGiven = false)
    {
        if (brokenByName is not { } broken)
            return;
        var isMeant = broken switch
        {
            ErrorId.NameWithBlanks => isGiven,
            ErrorId.UnreservedName => isGiven || rules.AreForGroups,
            _ => false,
        };
        if (!isMeant)
            rules.Break(broken, name, ref _nameFinding);
    }

    /// <summary>Checks a value that is text.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    /// <param name="rules">Takes what is found.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CheckText(ReadOnlySpan<byte> text, RowRules rules)
    {
        if (PlainTexts.Contain(text))
        {
            if (reserved is not null && !text.IsEmpty && reserved(text) is { } broken)
                rules.Break(broken, name, text);
        }
        else
        {
            CheckDoubtful(text, rules);
        }
    }

    // Apart, since what it keeps on the stack would be cleared for every text.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckDoubtful(ReadOnlySpan<byte> text, RowRules rules)
    {
        if (IsNoValue(text, text, rules))
            return;
        if (text.Length > Limits.MaximumTextBytes)
            rules.Break(ErrorId.TextTooLong, name, text);
        var trimmed = Blanks.Trim(text);
        if (DamagedTexts.IsIn(text))
            rules.Break(ErrorId.DamagedText, name, text);
        else if (trimmed.Length < text.Length)
            rules.Break(ErrorId.TextWithBlanks, name, text);
        CheckMeaning(trimmed, text, rules);
    }

    /// <summary>Checks a text of which only the hash is sent: no finding shows it, and what the hash leaves out does not matter.</summary>
    /// <param name="text">The text, as UTF-8, without blanks around it.</param>
    /// <param name="rules">Takes what is found.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CheckHashed(ReadOnlySpan<byte> text, RowRules rules)
    {
        if (IsNoValue(text, default, rules))
            return;
        if (DamagedTexts.IsIn(text))
            rules.Break(ErrorId.DamagedText, name);
        CheckMeaning(text, default, rules);
    }

    /// <summary>Checks whether a text stands where a value is missing, or in place of a list or an object.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    /// <param name="rules">Takes what is found.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsNoValue(ReadOnlySpan<byte> text, RowRules rules) => IsNoValue(text, text, rules);

    /// <summary>Whether a text is the first date of all, which databases and programs have for one that was never set.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    public static bool IsDefaultDate(ReadOnlySpan<byte> text) => text.StartsWith("0001-01-01"u8);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsNoValue(ReadOnlySpan<byte> text, ReadOnlySpan<byte> shown, RowRules rules)
    {
        var isLost = LostValues.IsIn(text);
        if (!isLost && !NullTexts.Contain(text))
            return false;
        rules.Break(isLost ? ErrorId.LostValue : ErrorId.NullText, name, shown);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckMeaning(ReadOnlySpan<byte> text, ReadOnlySpan<byte> shown, RowRules rules)
    {
        if (IsDefaultDate(text))
            rules.Break(ErrorId.DefaultDate, name, shown);
        if (CellProtection.IsProtected(text))
            rules.Break(ErrorId.ProtectedCell, name, shown);
        if (reserved is not null && !text.IsEmpty && reserved(text) is { } broken)
            rules.Break(broken, name, shown);
    }

    /// <summary>Checks a value of any kind.</summary>
    /// <param name="json">The value, as it is sent.</param>
    /// <param name="rules">Takes what is found.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CheckJson(ReadOnlySpan<byte> json, RowRules rules)
    {
        json = json.Trim(" \t\r\n"u8);
        switch (json[0])
        {
            case (byte)'"':
                CheckString(json, rules);
                break;
            case (byte)'[' or (byte)'{':
                CheckNested(json, rules);
                break;
            case not (byte)'n' when reserved is not null && reserved(json) is { } broken:
                rules.Break(broken, name, json);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckString(ReadOnlySpan<byte> json, RowRules rules)
    {
        if (!IsReserved && IsPlainJson(json[1..^1]))
            return;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (!reader.ValueIsEscaped)
        {
            CheckText(reader.ValueSpan, rules);
            return;
        }

        var rented = reader.ValueSpan.Length > ShortText ? ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length) : null;
        var text = rented ?? stackalloc byte[ShortText];
        CheckText(text[..reader.CopyString(text)], rules);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    // What is escaped is read first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsPlainJson(ReadOnlySpan<byte> text) => !text.Contains((byte)'\\') && PlainTexts.Contain(text);

    private void CheckNested(ReadOnlySpan<byte> json, RowRules rules)
    {
        var isList = json[0] == '[';
        if (json.Length > Limits.MaximumValueBytes)
            rules.Break(isList ? ErrorId.ListTooLarge : ErrorId.ObjectTooLarge, name, json);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });

        // What is deeper than that is too deep anyway.
        Span<int> keys = stackalloc int[64];
        var (objects, isDeep, hasManyKeys, hasLongText, hasLost, hasDefault, hasDamage, isExtended) = (
            0, false, false, false, false, false, false, false);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    keys[Math.Min(reader.CurrentDepth, 63)] = 0;
                    isDeep |= ++objects > Limits.MaximumDepth || (isList && reader.CurrentDepth > 1);
                    break;
                case JsonTokenType.StartArray:
                    isDeep |= isList && reader.CurrentDepth > 0;
                    break;
                case JsonTokenType.EndObject:
                    hasManyKeys |= keys[Math.Min(reader.CurrentDepth, 63)] > Limits.MaximumKeys;
                    objects--;
                    break;
                case JsonTokenType.PropertyName:
                    keys[Math.Min(reader.CurrentDepth - 1, 63)]++;
                    isExtended |= ExtendedJson.IsName(reader.ValueSpan);
                    break;
                case JsonTokenType.String:
                    hasLongText |= IsLong(ref reader);
                    hasLost |= IsLost(ref reader);
                    hasDefault |= IsDefaultDate(reader.ValueSpan);
                    hasDamage |= DamagedTexts.IsInJson(reader.ValueSpan);
                    break;
            }
        }

        // In the order in which they count.
        ReadOnlySpan<(bool IsBroken, ErrorId Id)> broken =
        [
            (hasLost, ErrorId.LostValue), (isExtended, ErrorId.ExtendedJsonValue), (isDeep, ErrorId.NestedTooDeep),
            (hasManyKeys, ErrorId.TooManyKeys), (hasLongText, ErrorId.TextTooLong), (hasDefault, ErrorId.DefaultDate),
            (hasDamage, ErrorId.DamagedText),
        ];
        foreach (var (isBroken, id) in broken)
        {
            if (isBroken)
                rules.Break(id, name, json);
        }
    }

    private static bool IsLost(ref Utf8JsonReader reader) =>
        LostValues.MayBeIn(reader.ValueSpan) && LostValues.IsIn(reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan);

    private static bool IsLong(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length <= Limits.MaximumTextBytes)
            return false;
        if (!reader.ValueIsEscaped)
            return true;
        var rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        var length = reader.CopyString(rented);
        ArrayPool<byte>.Shared.Return(rented);
        return length > Limits.MaximumTextBytes;
    }
}

/// <summary>The rules on names of properties.</summary>
internal static class PropertyNames
{
    // Source: client libraries, which strip them or put them beside the operation.
    private static readonly HashSet<string> RequestFields = new(StringComparer.Ordinal)
    {
        "$token", "$distinct_id", "$group_key", "$group_id", "$ip", "$time", "$ignore_time", "$ignore_alias", "$latitude", "$longitude",
        "$device_id", "$user_id", "$had_persisted_distinct_id",
    };

    /// <summary>Which rule a name breaks, the gravest if several; null for none.</summary>
    public static ErrorId? BrokenBy(string name) => name switch
    {
        "bucket" or "$bucket" => ErrorId.ForbiddenName,
        { Length: > Limits.MaximumNameLength } => ErrorId.NameTooLong,
        _ when Blanks.AreAround(name) => ErrorId.NameWithBlanks,
        _ when RequestFields.Contains(name) => ErrorId.RequestFieldName,
        _ when ReservedProperties.IsKeptByService(name) => ErrorId.ServiceKeptName,
        _ when ReservedProperties.IsKnown(name) => null,
        _ when name.StartsWith('$') || name.StartsWith("mp_", StringComparison.Ordinal) => ErrorId.UnknownReservedName,
        _ when CommonNames.Reserved(name) is not null => ErrorId.UnreservedName,
        _ => null,
    };
}
