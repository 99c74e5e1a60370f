#include "stream.h"

int getw(FILE *stream)
{
    int word;

    return fread(&word, sizeof word, 1, stream) ? word : EOF;
}

int putw(int word, FILE *stream)
{
    return fwrite(&word, sizeof word, 1, stream) ? 0 : EOF;
}
