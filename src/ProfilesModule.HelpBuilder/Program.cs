using System.Management.Automation;
using System.Reflection;
using System.Xml;
using ProfilesModule.HelpBuilder;

// Run by the build of the module: writes what Get-Help shows, the help of the cmdlets from the built assembly and its
// documentation file, the schema of mapping files, and topics from pages of docs: docs/errors.md becomes about_ProfilesModule_Errors.
if (args is not [var assemblyPath, var documentationPath, var helpFolder, .. var pages])
{
    Console.Error.WriteLine("Usage: ProfilesModule.HelpBuilder <assembly> <documentation file> <help folder> <page>...");
    return 2;
}

Directory.CreateDirectory(helpFolder);
return Written(documentationPath, WriteHelp) && pages.All(page => Written(page, () => WriteTopic(page))) ? 0 : 1;

bool Written(string source, Action write)
{
    try
    {
        write();
        return true;
    }
    catch (DocumentationException e)
    {
        // The form in which MSBuild takes a line for an error of the build.
        Console.Error.WriteLine($"{source} : error HELP: {e.Message}");
        return false;
    }
}

void WriteHelp()
{
    var types = Assembly.LoadFrom(Path.GetFullPath(assemblyPath)).GetExportedTypes();
    var cmdlets = CmdletModel.Of(types.Where(t => t.IsDefined(typeof(CmdletAttribute))))
        .OrderBy(c => c.Name, StringComparer.Ordinal)
        .ToArray();
    var docs = Documentation.Load(documentationPath);
    var help = new MamlHelp(cmdlets, docs).Build();
    File.WriteAllText(Path.Combine(helpFolder, "mapping.schema.json"), MappingSchema.Of(types, docs));
    using var writer = XmlWriter.Create(Path.Combine(helpFolder, Path.GetFileName(assemblyPath) + "-Help.xml"), new() { Indent = true, NewLineChars = "\n" });
    help.Save(writer);
}

void WriteTopic(string page)
{
    var name = Path.GetFileNameWithoutExtension(page);
    var topic = $"about_ProfilesModule_{char.ToUpperInvariant(name[0])}{name[1..]}";
    File.WriteAllText(Path.Combine(helpFolder, topic + ".help.txt"), AboutTopic.Of(topic, File.ReadAllLines(page), "about_ProfilesModule"));
}
