/* Offsets into struct handover and struct handover_step (handover.h), for the assembler. */
#ifndef LOADER_HANDOVER_OFFSETS_H
#define LOADER_HANDOVER_OFFSETS_H

#define HANDOVER_STACK_FROM     0
#define HANDOVER_STACK_TO       8
#define HANDOVER_STACK_BYTES    16
#define HANDOVER_CLEAR_FROM     24
#define HANDOVER_CLEAR_BYTES    32
#define HANDOVER_STEPS          40
#define HANDOVER_STEP_COUNT     48
#define HANDOVER_FPU            56
#define HANDOVER_FPU_COMPONENTS 64
#define HANDOVER_LAST_ADDRESS   72
#define HANDOVER_LAST_LENGTH    80
#define HANDOVER_GADGET         88
#define HANDOVER_FRAME          96
#define HANDOVER_FRAME_POINTER  104

#define STEP_NUMBER         0
#define STEP_ARGUMENTS      8
#define STEP_MESSAGE        56
#define STEP_MESSAGE_LENGTH 64
#define STEP_SIZE           72

#endif
