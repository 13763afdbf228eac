// r8..r11 = [rsi]² mod 2^256 - C, below 2^256; clobbers rax, rdx, rdi, r12..r15.
// products of different limbs: r9..r14
mov rdx, [rsi]
mulx r10, r9, [rsi + 8]
mulx r11, rax, [rsi + 16]
add r10, rax
mulx r12, rax, [rsi + 24]
adc r11, rax
adc r12, 0
mov rdx, [rsi + 8]
xor eax, eax
mulx rdi, rax, [rsi + 16]
adcx r11, rax
adox r12, rdi
mulx r13, rax, [rsi + 24]
adcx r12, rax
mov eax, 0
adox r13, rax
adcx r13, rax
mov rdx, [rsi + 16]
mulx r14, rax, [rsi + 24]
add r13, rax
adc r14, 0
// twice that, and the squares
xor r15d, r15d
mov rdx, [rsi]
mulx rax, r8, rdx
adcx r9, r9
adox r9, rax
mov rdx, [rsi + 8]
mulx rdi, rax, rdx
adcx r10, r10
adox r10, rax
adcx r11, r11
adox r11, rdi
mov rdx, [rsi + 16]
mulx rdi, rax, rdx
adcx r12, r12
adox r12, rax
adcx r13, r13
adox r13, rdi
mov rdx, [rsi + 24]
mulx rdi, rax, rdx
adcx r14, r14
adox r14, rax
adcx r15, r15
adox r15, rdi
// r8..r11 += C · r12..r15
mov rdx, {c}
xor eax, eax
mulx rdi, rax, r12
adcx r8, rax
adox r9, rdi
mulx rdi, rax, r13
adcx r9, rax
adox r10, rdi
mulx rdi, rax, r14
adcx r10, rax
adox r11, rdi
mulx r12, rax, r15
adcx r11, rax
mov eax, 0
adox r12, rax
adcx r12, rax
// the carry word, at most C
imul r12, rdx
add r8, r12
adc r9, 0
adc r10, 0
adc r11, 0
// and the last carry, after which no limb overflows
sbb rax, rax
and rax, rdx
add r8, rax
