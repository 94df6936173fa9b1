/* main.c - where the program begins. */
#include "cli/cli.h"
#include "cli/env.h"

int main(int argc, char **argv)
{
    env_settle();
    return cli_main(argc, argv);
}
