using System.Management.Automation;
using System.Reflection;
using System.Xml;
using ProfilesModule.HelpBuilder;

// Run by the build of the module: writes what Get-Help shows, the help of the cmdlets from the built assembly and its
// documentation file, and the topic of the errors from their page in docs.
if (args is not [var assemblyPath, var documentationPath, var errorsPath, var helpFolder])
{
    Console.Error.WriteLine("Usage: ProfilesModule.HelpBuilder <assembly> <documentation file> <errors.md> <help folder>");
    return 2;
}

Directory.CreateDirectory(helpFolder);
return Written(documentationPath, WriteHelp) && Written(errorsPath, WriteErrors) ? 0 : 1;

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
    var cmdlets = Assembly.LoadFrom(Path.GetFullPath(assemblyPath)).GetExportedTypes()
        .Where(t => t.IsDefined(typeof(CmdletAttribute)))
        .Select(CmdletModel.Of)
        .OrderBy(c => c.Name, StringComparer.Ordinal)
        .ToArray();
    var help = new MamlHelp(cmdlets, Documentation.Load(documentationPath)).Build();
    using var writer = XmlWriter.Create(Path.Combine(helpFolder, Path.GetFileName(assemblyPath) + "-Help.xml"), new() { Indent = true, NewLineChars = "\n" });
    help.Save(writer);
}

void WriteErrors() => File.WriteAllText(
    Path.Combine(helpFolder, "about_ProfilesModule_Errors.help.txt"),
    AboutTopic.Of("about_ProfilesModule_Errors", File.ReadAllLines(errorsPath), "about_ProfilesModule"));
