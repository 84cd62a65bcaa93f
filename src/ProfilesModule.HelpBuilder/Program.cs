using System.Management.Automation;
using System.Reflection;
using System.Xml;
using ProfilesModule.HelpBuilder;

// Run by the build of the module: writes the help that Get-Help shows from the built assembly and its documentation file.
if (args is not [var assemblyPath, var documentationPath, var helpPath])
{
    Console.Error.WriteLine("Usage: ProfilesModule.HelpBuilder <assembly> <documentation file> <help file>");
    return 2;
}

try
{
    var cmdlets = Assembly.LoadFrom(Path.GetFullPath(assemblyPath)).GetExportedTypes()
        .Where(t => t.IsDefined(typeof(CmdletAttribute)))
        .Select(CmdletModel.Of)
        .OrderBy(c => c.Name, StringComparer.Ordinal)
        .ToArray();
    var help = new MamlHelp(cmdlets, Documentation.Load(documentationPath)).Build();
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(helpPath))!);
    using var writer = XmlWriter.Create(helpPath, new() { Indent = true, NewLineChars = "\n" });
    help.Save(writer);
    return 0;
}
catch (DocumentationException e)
{
    // The form in which MSBuild takes a line for an error of the build.
    Console.Error.WriteLine($"{documentationPath} : error HELP: {e.Message}");
    return 1;
}
