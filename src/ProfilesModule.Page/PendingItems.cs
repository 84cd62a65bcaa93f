using ProfilesModule.Server.Http;

namespace ProfilesModule.Page;

/// <summary>Something that a page goes on with in a later request, by a key that only this page has.</summary>
internal interface IPendingItem : IDisposable
{
    string Key { get; }

    /// <summary>Whether it can make room for another.</summary>
    bool MayEnd => true;
}

/// <summary>What open pages go on with. Of more than a few, the oldest is given up. Thread-safe.</summary>
/// <param name="maximum">How many there are.</param>
/// <param name="gone">What a page is told whose item is not there any more.</param>
internal sealed class PendingItems<T>(int maximum, string gone) : IDisposable
    where T : class, IPendingItem
{
    private readonly List<T> _items = [];

    public void Add(T item)
    {
        lock (_items)
        {
            var oldest = _items.Find(old => old.MayEnd);
            if (_items.Count >= maximum && oldest is not null)
            {
                _items.Remove(oldest);
                oldest.Dispose();
            }

            _items.Add(item);
        }
    }

    /// <exception cref="BadRequestException">It was given up, or never there.</exception>
    public T Find(string? key)
    {
        lock (_items)
            return _items.Find(item => item.Key == key) ?? throw new BadRequestException(gone);
    }

    public void Dispose()
    {
        lock (_items)
        {
            _items.ForEach(item => item.Dispose());
            _items.Clear();
        }
    }
}
