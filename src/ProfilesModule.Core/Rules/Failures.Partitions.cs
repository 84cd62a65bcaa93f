namespace ProfilesModule.Rules;

internal static partial class Failures
{
    private const string PartitionOption = "-Partition";
    private const string NumberInRange = "Specify a number from 0 to -PartitionCount less 1, or Auto.";
    private const string NumberForAuto = "Specify the number with -Partition in place of Auto, and -PartitionCount.";

    public static Failure PartitionNeeded(string option) => new(
        ErrorId.InvalidPartition,
        $"{option} has no meaning without a partition.",
        "Specify -Partition and -PartitionCount.",
        PartitionOption);

    public static Failure PartitionCountNeeded(string partition) => new(
        ErrorId.InvalidPartition,
        $"It is not known how many partitions there are: -Partition {partition} does not say so.",
        "Specify the number of tasks with -PartitionCount.",
        PartitionOption);

    public static Failure InvalidPartition(string partition) => new(
        ErrorId.InvalidPartition, $"'{partition}' is not a partition.", NumberInRange, PartitionOption);

    public static Failure PartitionOutOfRange(int number, int count) => new(
        ErrorId.InvalidPartition,
        $"There is no partition {Phrase.Number(number)} of {Phrase.Number(count)}: partitions are counted from 0.",
        NumberInRange,
        PartitionOption);

    public static Failure NoPartitionOfEngine(IReadOnlyList<string> variables, int found) => new(
        ErrorId.InvalidPartition,
        found == 0
            ? $"-Partition Auto finds no task of a known engine: none of the variables {string.Join(", ", variables)} is set."
            : $"-Partition Auto cannot tell which engine counts the tasks: {string.Join(" and ", variables)} are set.",
        NumberForAuto,
        PartitionOption);

    public static Failure InvalidPartitionVariable(string variable, string value) => new(
        ErrorId.InvalidPartition, $"The variable {variable} is '{value}', which is not a number.", NumberForAuto, PartitionOption);

    public static Failure IrregularPartitions(string variable) => new(
        ErrorId.InvalidPartition,
        $"-Partition Auto cannot tell the partition by {variable}, because the numbers of the tasks are not evenly spaced.",
        NumberForAuto,
        PartitionOption);

    public static Failure PartitionCountDiffers(string variable, int told, int count, string index) => new(
        ErrorId.InvalidPartition,
        $"-PartitionCount is {Phrase.Number(count)}, but {variable} is {Phrase.Number(told)}.",
        $"Omit -PartitionCount. To repeat single tasks, specify their numbers in place of Auto, such as -Partition $env:{index}.",
        PartitionOption);

    public static Failure PartitionPathShared(string parameter, string path) => new(
        ErrorId.PartitionPathShared,
        $"All tasks would write to the path '{path}' of {parameter}, because it is the same in each of them.",
        "Write {partition} in the path, such as 'part-{partition}.log'. It stands for the number of the partition.",
        path);
}
